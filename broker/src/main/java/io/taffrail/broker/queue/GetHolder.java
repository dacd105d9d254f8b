package io.taffrail.broker.queue;

import java.util.List;
import java.util.function.LongConsumer;

/**
 * Holds what a channel got one by one, until it is settled. Owner thread only.
 */
public final class GetHolder implements Holding {

    private final HeldList list;
    private final HoldingTime time;
    private final LongConsumer timedOut;

    /**
     * @param limits
     *            that the messages count for, though they do not limit gets
     */
    public GetHolder(List<Prefetch> limits) {
        this(limits, _ -> {});
    }

    /**
     * @param timedOut
     *            told when a message is held for longer than its queue lets it, and how many
     *            milliseconds that is
     */
    public GetHolder(List<Prefetch> limits, LongConsumer timedOut) {
        this.list = new HeldList(limits);
        this.time = new HoldingTime(list);
        this.timedOut = timedOut;
    }

    /** Whether it held nothing before this. */
    boolean add(HeldDelivery delivery) {
        list.add(delivery);
        return list.size() == 1;
    }

    @Override
    public boolean isHolding() {
        return list.size() > 0;
    }

    @Override
    public void check(long usualMs, long nowMs) {
        list.first().map(HeldDelivery::mayBeHeldMs).ifPresent(own -> {
            long limitMs = own.orElse(usualMs);
            if (limitMs > 0 && time.isOver(limitMs, nowMs)) {
                timedOut.accept(limitMs);
            }
        });
    }

    /** What is not settled goes back to its place, marked as redelivered. */
    public void close() {
        ManySettlements.giveBack(list.drain());
    }
}
