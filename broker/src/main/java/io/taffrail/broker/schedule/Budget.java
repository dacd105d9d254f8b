package io.taffrail.broker.schedule;

import java.time.InstantSource;

/**
 * How much a task may do before other work of its owner gets its turn: {@value #MAX_COUNT}
 * messages, 1 MiB, or {@value #MAX_MS} ms by the owner's clock, whatever ends first. Owner thread
 * only.
 */
public final class Budget {

    /** Messages, or other objects of about that cost. */
    public static final int MAX_COUNT = 1024;

    /** Bytes of messages. */
    public static final int MAX_BYTES = 1 << 20;

    /** Milliseconds. */
    public static final int MAX_MS = 2;

    /** The clock is looked at once for so many messages. */
    private static final int CLOCK_INTERVAL = 16;

    private final InstantSource clock;
    private int count;
    private long bytes;
    private long startedMs;
    private boolean late;
    /** The clock is looked at when the count is this. */
    private int nextLook = CLOCK_INTERVAL;

    public Budget(InstantSource clock) {
        this.clock = clock;
        this.startedMs = clock.millis();
    }

    /** Begins a step: all of the budget is there again. */
    public Budget begin() {
        count = 0;
        bytes = 0;
        late = false;
        nextLook = CLOCK_INTERVAL;
        startedMs = clock.millis();
        return this;
    }

    /** One message more, with a body of so many bytes. */
    public void spend(long bodyBytes) {
        spend(1, bodyBytes);
    }

    /** So many messages more, with bodies of so many bytes together. */
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
