package io.taffrail.broker.deduplication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MarkTableTest {

    private static final int STEPS = 200_000;

    private final MarkTable table = new MarkTable();

    /** The expected content of an entry. */
    private record Entry(long id, long endAtMs) {}

    @Test
    void doesWhatAMapDoes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Map<Mark, Entry> model = new HashMap<>();
        long nextId = 0;
        long nowMs = 0;
        for (int step = 0; step < STEPS; step++) {
            Mark mark = mark(random.nextInt(300));
            switch (random.nextInt(8)) {
                case 0 -> {
                    table.remove(mark);
                    model.remove(mark);
                }
                case 1 -> {
                    boolean all = random.nextInt(50) == 0;
                    long from = all ? random.nextInt(2) : nextId - random.nextInt(200);
                    long to = all ? nextId + random.nextInt(2) - 1 : from + random.nextInt(20);
                    table.removeRange(from, to);
                    model.values().removeIf(it -> it.id >= from && it.id < to);
                }
                case 2 -> {
                    nowMs += random.nextInt(3);
                }
                default -> {
                    Entry known = model.get(mark);
                    boolean isThere = known != null && known.endAtMs > nowMs;
                    assertThat(table.contains(mark, nowMs)).as("seed %d", seed)
                            .isEqualTo(isThere);
                    if (!isThere) {
                        Entry added = new Entry(nextId++, nowMs + random.nextInt(500));
                        table.add(mark, added.id, added.endAtMs);
                        model.put(mark, added);
                    }
                }
            }
            assertThat(table.size()).as("seed %d", seed).isEqualTo(model.size());
        }
        while (table.size() > 0) {
            long first = model.values().stream().mapToLong(Entry::id).min().orElseThrow();
            assertThat(table.firstId()).as("seed %d", seed).isEqualTo(first);
            model.remove(table.first());
            table.removeFirst();
        }
        assertThat(model).as("seed %d", seed).isEmpty();
    }

    /** A mark; each four consecutive numbers compete for neighbouring slots. */
    private static Mark mark(int number) {
        return new Mark(number / 4, number);
    }
}
