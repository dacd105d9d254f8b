package io.taffrail.broker.queue;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A delivery, linked with the others its consumer holds. Settled once its holder is gone. */
final class HeldDelivery implements Delivery {

    private final Queue queue;
    private final long offset;
    private final boolean redelivered;
    private final int count;
    private final int bodyBytes;
    /** Which it is of those its holder was ever given. */
    long sequence;
    @Nullable
    HeldList holder;
    @Nullable
    HeldDelivery previous;
    @Nullable
    HeldDelivery next;

    /**
     * @param count
     *            deliveries before this one, as far as the queue counts them
     */
    HeldDelivery(Queue queue, long offset, boolean redelivered, int count, int bodyBytes) {
        this.queue = queue;
        this.offset = offset;
        this.redelivered = redelivered;
        this.count = count;
        this.bodyBytes = bodyBytes;
    }

    @Override
    public String queue() {
        return queue.name();
    }

    Queue ownQueue() {
        return queue;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public boolean redelivered() {
        return redelivered;
    }

    /** How long its queue lets anybody hold it, if it says so; 0: for ever. */
    OptionalLong mayBeHeldMs() {
        return queue.settings().consumerTimeoutMs();
    }

    int bodyBytes() {
        return bodyBytes;
    }

    int count() {
        return count;
    }

    @Override
    public boolean isSettled() {
        return holder == null;
    }

    @Override
    public void accept() {
        if (release()) {
            queue.accepted(this);
        }
    }

    @Override
    public void requeue() {
        if (release()) {
            queue.requeued(this);
        }
    }

    @Override
    public void reject() {
        if (release()) {
            queue.rejected(this);
        }
    }

    /** As {@link #requeue}, when it has been taken out of its holder already. */
    void giveBack() {
        queue.requeued(this);
    }

    private boolean release() {
        HeldList list = holder;
        if (list == null) {
            return false;
        }
        list.remove(this);
        return true;
    }
}
