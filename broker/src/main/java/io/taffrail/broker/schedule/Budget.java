package io.taffrail.broker.schedule;

import java.time.InstantSource;

/**
 * The limit of a task's work before other work of its owner gets its turn: {@value #MAX_COUNT}
 * messages, 1 MiB, or {@value #MAX_MS} ms by the owner's clock, whichever is reached first. Owner
 * thread only.
 */
public final class Budget {

    /** Number of messages, or of other objects with about the same cost. */
    public static final int MAX_COUNT = 1024;

    /** Bytes of message bodies. */
    public static final int MAX_BYTES = 1 << 20;

    /** Time in milliseconds. */
    public static final int MAX_MS = 2;

    /** The clock is read once per this number of messages. */
    private static final int CLOCK_INTERVAL = 16;

    private final InstantSource clock;
    private int count;
    private long bytes;
    private long startedMs;
    private boolean late;
    /** Count at which the clock is read next. */
    private int nextLook = CLOCK_INTERVAL;

    public Budget(InstantSource clock) {
        this.clock = clock;
        this.startedMs = clock.millis();
    }

    /** Begins a step with the whole budget. */
    public Budget begin() {
        count = 0;
        bytes = 0;
        late = false;
        nextLook = CLOCK_INTERVAL;
        startedMs = clock.millis();
        return this;
    }

    /** Counts one message with a body of this size. */
    public void spend(long bodyBytes) {
        spend(1, bodyBytes);
    }

    /** Counts messages with bodies of this size in total. */
    public void spend(int messages, long bodyBytes) {
        count += messages;
        bytes += bodyBytes;
        if (count >= nextLook) {
            nextLook = count + CLOCK_INTERVAL;
            late |= clock.millis() - startedMs >= MAX_MS;
        }
    }

    /** Whether the step is to end. */
    public boolean isSpent() {
        return count >= MAX_COUNT || bytes >= MAX_BYTES || late;
    }
}
