package io.taffrail.broker.queue;

import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.MessageBatch;
import io.taffrail.broker.message.Properties.Property;
import java.nio.ByteBuffer;

/**
 * Messages for one queue that are encoded before the turn in which they are stored, so that a large
 * transaction is collected in steps. Owner thread only.
 */
public final class StagedMessages {

    /** Size in bytes at which no more messages are to be added. */
    private static final int FULL_BYTES = 4 << 20;

    private final MessageBatch batch = new MessageBatch();
    private long bodyBytes;
    private boolean expires;

    /** Adds a message; its buffers are read, and not retained. */
    public void add(Message message, long nowMs) {
        batch.add(message, nowMs);
        bodyBytes += message.body().remaining();
        expires |= message.properties().has(Property.EXPIRATION);
    }

    /** Whether further messages belong into another object. */
    public boolean isFull() {
        return batch.sizeBytes() >= FULL_BYTES;
    }

    int count() {
        return batch.count();
    }

    int sizeBytes() {
        return batch.sizeBytes();
    }

    long bodyBytes() {
        return bodyBytes;
    }

    /** Whether a message has a time to live of its own. */
    boolean expires() {
        return expires;
    }

    /** Ends the batch; the buffer belongs to the caller. */
    ByteBuffer take() {
        return batch.take();
    }
}
