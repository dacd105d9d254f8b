package io.taffrail.broker.queue;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Finds out, by looking from time to time, whether a consumer has held a delivery for too long. A
 * delivery is counted from the look after it was made, so nothing is kept with it; it is found at
 * most two looks late.
 */
final class HoldingTime {

    /** Deliveries up to this one had been made at that time. */
    private record Look(long added, long atMs) {}

    private final HeldList held;
    private final Deque<Look> looks = new ArrayDeque<>();

    HoldingTime(HeldList held) {
        this.held = held;
    }

    /** Whether the oldest has been held for so long. */
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
