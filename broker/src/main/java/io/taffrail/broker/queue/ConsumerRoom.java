package io.taffrail.broker.queue;

import java.time.InstantSource;

/**
 * Measures for how long a queue's ready messages waited because no consumer had room. The clock is
 * read when that begins and ends only. Owner thread only.
 */
final class ConsumerRoom {

    private final InstantSource clock;
    private long blockedMs;
    private long sinceMs = -1;

    ConsumerRoom(InstantSource clock) {
        this.clock = clock;
    }

    /** A message waits for room. */
    void none() {
        if (sinceMs < 0) {
            sinceMs = clock.millis();
        }
    }

    /** A consumer took a message, or none is left that waits for room. */
    void some() {
        if (sinceMs >= 0) {
            blockedMs += Math.max(0, clock.millis() - sinceMs);
            sinceMs = -1;
        }
    }

    boolean isBlocked() {
        return sinceMs >= 0;
    }

    /** Time without room so far, in milliseconds. */
    long blockedMs() {
        return sinceMs < 0 ? blockedMs : blockedMs + Math.max(0, clock.millis() - sinceMs);
    }
}
