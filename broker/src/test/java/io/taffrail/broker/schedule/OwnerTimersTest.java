package io.taffrail.broker.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.log.spi.Registration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A single alarm serves any number of timers. */
class OwnerTimersTest {

    private static final long MS_IN_NS = 1_000_000;

    private final List<Long> alarmsNs = new ArrayList<>();
    private final List<String> ran = new ArrayList<>();
    private long nowNs = 77;
    private final OwnerTimers timers = new OwnerTimers(() -> nowNs, alarmsNs::add);

    private Registration arm(long delayMs) {
        return timers.after(delayMs, () -> ran.add(delayMs + " ms"));
    }

    private void pass(long ms) {
        nowNs += ms * MS_IN_NS;
        timers.ring();
    }

    @Test
    void theEarliestOnlyNeedsAnAlarm() {
        var _ = arm(30);
        for (int ms = 40; ms < 10_000; ms++) {
            var _ = arm(ms);
        }
        assertThat(alarmsNs).containsExactly(30 * MS_IN_NS);

        var _ = arm(10);
        assertThat(alarmsNs).containsExactly(30 * MS_IN_NS, 10 * MS_IN_NS);

        pass(10);
        assertThat(ran).containsExactly("10 ms");
        assertThat(alarmsNs).hasSize(3).last().isEqualTo(20 * MS_IN_NS);
    }

    @Test
    void whatIsClosedIsGoneAtOnce() {
        var _ = arm(50);
        for (int index = 0; index < 100_000; index++) {
            arm(3_600_000).close();
        }
        assertThat(timers.size()).isEqualTo(1);
        assertThat(alarmsNs).hasSize(1);
    }

    @Test
    void timersAreOverInTheirOrderWhateverIsClosed() {
        long seed = new Random().nextLong();
        Random dice = new Random(seed);
        TreeMap<Long, Registration> open = new TreeMap<>();
        List<Long> done = new ArrayList<>();
        List<Long> expected = new ArrayList<>();
        for (int step = 0; step < 2_000; step++) {
            long at = (nowNs - 77) / MS_IN_NS + 1 + dice.nextInt(500);
            if (dice.nextInt(3) > 0 && !open.containsKey(at)) {
                open.put(at, timers.after(at - (nowNs - 77) / MS_IN_NS, () -> done.add(at)));
            } else if (!open.isEmpty() && dice.nextBoolean()) {
                long closed = List.copyOf(open.keySet()).get(dice.nextInt(open.size()));
                Registration waiting = Objects.requireNonNull(open.remove(closed));
                waiting.close();
            } else {
                pass(dice.nextInt(5));
                var due = open.headMap((nowNs - 77) / MS_IN_NS, true);
                expected.addAll(due.keySet());
                due.clear();
            }
            assertThat(timers.size()).as("seed %d", seed).isEqualTo(open.size());
        }
        pass(1_000);
        expected.addAll(open.keySet());
        assertThat(done).as("seed %d", seed).isEqualTo(expected);
    }

    @Test
    void oneThatFailsDoesNotStopTheOthers() {
        var _ = timers.after(1, () -> {
            throw new IllegalStateException("of this timer");
        });
        var _ = arm(1);

        pass(1);
        assertThat(ran).containsExactly("1 ms");
    }

    @Test
    void closingWhatRanDoesNothing() {
        Registration first = arm(1);
        var _ = arm(2);
        pass(1);
        first.close();
        pass(1);
        assertThat(ran).containsExactly("1 ms", "2 ms");
    }
}
