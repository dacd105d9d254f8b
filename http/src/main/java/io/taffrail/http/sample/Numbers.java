package io.taffrail.http.sample;

import io.taffrail.broker.queue.QueueDepth;
import io.taffrail.broker.traffic.MessageCounts;
import io.taffrail.broker.traffic.MessageEvent;

/**
 * The layout of samples. Objects with messages: one number for each {@link MessageEvent}, and then
 * the named ones.
 */
public final class Numbers {

    private static final int EVENTS = MessageEvent.COUNT;
    /** Ready messages. */
    public static final int READY = EVENTS;
    /** Messages in flight. */
    public static final int HELD = EVENTS + 1;
    /** Time for which no consumer had room, in milliseconds. */
    public static final int BLOCKED_MS = EVENTS + 2;
    /** Bytes received; alone, the first number. */
    public static final int RECEIVED = EVENTS + 3;
    /** Bytes sent; alone, the second number. */
    public static final int SENT = EVENTS + 4;
    private static final int ALL = EVENTS + 5;

    private Numbers() {}

    static long[] of(MessageCounts counts) {
        long[] numbers = new long[ALL];
        for (MessageEvent event : MessageEvent.values()) {
            numbers[event.index()] = counts.of(event);
        }
        return numbers;
    }

    static long[] of(MessageCounts counts, QueueDepth depth, long blockedMs) {
        long[] numbers = of(counts);
        numbers[READY] = depth.ready();
        numbers[HELD] = depth.held();
        numbers[BLOCKED_MS] = blockedMs;
        return numbers;
    }
}
