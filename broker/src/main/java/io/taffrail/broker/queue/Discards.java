package io.taffrail.broker.queue;

import io.taffrail.broker.deadletter.DeathReason;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;

/**
 * Messages that a queue has given up and has to keep, because there is no room for them where they
 * go: nobody is given them any more. Not stored: after a restart they are ready again. They count
 * for the queue's length, which bounds them.
 */
final class Discards {

    /** A message, what it died of, and the bytes of its body. */
    record Discard(long offset, DeathReason reason, int bodyBytes) {}

    private final Deque<Discard> waiting = new ArrayDeque<>();
    private long sizeBytes;

    int count() {
        return waiting.size();
    }

    /** Bytes of the bodies. */
    long sizeBytes() {
        return sizeBytes;
    }

    void add(Discard discard) {
        waiting.addLast(discard);
        sizeBytes += discard.bodyBytes();
    }

    /** Offers them in their order, until one has to stay. */
    void offer(Predicate<Discard> taken) {
        for (Discard first = waiting.peekFirst(); first != null && taken
                .test(first); first = waiting.peekFirst()) {
            waiting.removeFirst();
            sizeBytes -= first.bodyBytes();
        }
    }
}
