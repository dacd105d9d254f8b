package io.taffrail.broker.queue;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A delivery in the linked list of its holder. It is settled once it was removed from the list.
 * Owner thread only.
 */
final class HeldDelivery implements Delivery {

    private final Queue queue;
    private final long offset;
    private final boolean redelivered;
    private final int count;
    private final int bodyBytes;
    /** Number of the delivery among all that its holder was given. */
    long sequence;
    @Nullable
    HeldList holder;
    @Nullable
    HeldDelivery previous;
    @Nullable
    HeldDelivery next;
    /** Follows the delivery; null for nearly all. */
    @Nullable
    FollowedDelivery follower;

    /**
     * @param count
     *            number of earlier deliveries of the message, if the queue counts them
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

    /** Consumer time-out of the queue in milliseconds, if it sets one; 0: none. */
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

    /** Requeues the delivery after it was removed from its holder. */
    void giveBack() {
        queue.requeued(this);
    }

    /** Returns the delivery to its place as if it had not been made. */
    void putBack() {
        queue.putBack(this);
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
