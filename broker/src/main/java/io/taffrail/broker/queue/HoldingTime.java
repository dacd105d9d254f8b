package io.taffrail.broker.queue;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A detector of the consumer time-out that samples its holder from time to time. A delivery counts
 * from the first look after it was made, so that no time is kept with each delivery; a time-out is
 * detected at most two looks late. Owner thread only.
 */
final class HoldingTime {

    /** The number of deliveries made up to a point in time. */
    private record Look(long added, long atMs) {}

    private final HeldList held;
    private final Deque<Look> looks = new ArrayDeque<>();

    HoldingTime(HeldList held) {
        this.held = held;
    }

    /** Whether the oldest delivery has been held for longer than {@code limitMs}. */
    boolean isOver(long limitMs, long nowMs) {
        while (looks.size() > 1 && nowMs - second().atMs() >= limitMs) {
            looks.removeFirst();
        }
        boolean over = !looks.isEmpty() && nowMs - looks.getFirst().atMs() >= limitMs
                && held.oldest() <= looks.getFirst().added();
        if (looks.isEmpty() || held.added() > looks.getLast().added()) {
            looks.add(new Look(held.added(), nowMs));
        }
        return over;
    }

    private Look second() {
        var looking = looks.iterator();
        looking.next();
        return looking.next();
    }
}
