package io.taffrail.broker.queue;

import java.util.List;

/**
 * Holds what a channel got one by one, until it is settled. Owner thread only.
 */
public final class GetHolder {

    private final HeldList list;

    /**
     * @param limits
     *            that the messages count for, though they do not limit gets
     */
    public GetHolder(List<Prefetch> limits) {
        this.list = new HeldList(limits);
    }

    HeldList list() {
        return list;
    }

    /** What is not settled goes back to its place, marked as redelivered. */
    public void close() {
        list.drain(HeldDelivery::giveBack);
    }
}
