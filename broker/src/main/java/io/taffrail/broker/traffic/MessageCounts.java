package io.taffrail.broker.traffic;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Numbers of messages by event since the object exists. A crash begins again at 0. Used by the
 * thread of its owner only; a {@link #copy} may be passed to another thread. An object without
 * traffic has no array.
 */
public final class MessageCounts {

    private long @Nullable [] numbers;

    /** Counts one message. */
    public void count(MessageEvent event) {
        count(event, 1);
    }

    /** Counts several messages. */
    public void count(MessageEvent event, long number) {
        long[] array = numbers;
        if (array == null) {
            array = new long[MessageEvent.COUNT];
            numbers = array;
        }
        array[event.index()] += number;
    }

    /** Adds all numbers of another object. */
    public void add(MessageCounts other) {
        long[] more = other.numbers;
        if (more == null) {
            return;
        }
        for (MessageEvent event : MessageEvent.values()) {
            count(event, more[event.index()]);
        }
    }

    /** The number of messages. */
    public long of(MessageEvent event) {
        long[] array = numbers;
        return array == null ? 0 : array[event.index()];
    }

    /** Deliveries to consumers and by single gets. */
    public long handedOut() {
        return of(MessageEvent.DELIVERED) + of(MessageEvent.DELIVERED_SETTLED)
                + of(MessageEvent.GOT) + of(MessageEvent.GOT_SETTLED);
    }

    /** Whether nothing was counted. */
    public boolean isEmpty() {
        return numbers == null;
    }

    /** The numbers at this moment. */
    public MessageCounts copy() {
        MessageCounts copy = new MessageCounts();
        long[] array = numbers;
        copy.numbers = array == null ? null : array.clone();
        return copy;
    }

    @Override
    public String toString() {
        return Arrays.toString(numbers);
    }
}
