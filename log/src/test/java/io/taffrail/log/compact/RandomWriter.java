package io.taffrail.log.compact;

import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Writes random records over a few keys: from three producers, with and without transactions,
 * and without a producer.
 */
final class RandomWriter {

    private static final int PRODUCERS = 3;
    private static final int KEYS = 8;

    private final CompactedLog log;
    private final Random random;
    private final int[] sequences = new int[PRODUCERS];
    private final boolean[] open = new boolean[PRODUCERS];
    private int values;

    RandomWriter(CompactedLog log, Random random) {
        this.log = log;
        this.random = random;
    }

    void write() {
        int producer = random.nextInt(PRODUCERS);
        @Nullable
        String[] records = records();
        switch (random.nextInt(5)) {
            case 0 -> log.put(records);
            case 1 -> {
                if (open[producer]) {
                    end(producer);
                } else {
                    log.putOf(producer, sequences[producer], records);
                    sequences[producer] += records.length / 2;
                }
            }
            case 2, 3 -> {
                log.inTransaction(producer, sequences[producer], records);
                sequences[producer] += records.length / 2;
                open[producer] = true;
            }
            default -> {
                if (open[producer]) {
                    end(producer);
                }
            }
        }
    }

    private void end(int producer) {
        if (random.nextBoolean()) {
            log.commit(producer);
        } else {
            log.abort(producer);
        }
        open[producer] = false;
    }

    private @Nullable String[] records() {
        int count = 1 + random.nextInt(4);
        @Nullable
        String[] records = new String[count * 2];
        for (int index = 0; index < count; index++) {
            records[index * 2] = "k" + random.nextInt(KEYS);
            records[index * 2 + 1] = random.nextInt(4) == 0 ? null : "v" + values++;
        }
        return records;
    }
}
