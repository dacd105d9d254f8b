package io.taffrail.broker.queue;

import java.util.List;
import java.util.function.LongConsumer;

/** The deliveries that a channel received by single gets and has not settled. Owner thread only. */
public final class GetHolder implements Holding {

    private final HeldList list;
    private final HoldingTime time;
    private final LongConsumer timedOut;

    /**
     * @param limits
     *            prefetch limits that these deliveries count towards, though they do not limit gets
     */
    public GetHolder(List<Prefetch> limits) {
        this(limits, _ -> {});
    }

    /**
     * @param timedOut
     *            told when a delivery has been held for longer than the consumer time-out; gets the
     *            time-out in milliseconds
     */
    public GetHolder(List<Prefetch> limits, LongConsumer timedOut) {
        this.list = new HeldList(limits);
        this.time = new HoldingTime(list);
        this.timedOut = timedOut;
    }

    /** Adds a delivery; true if it is the only one held. */
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

    /**
     * Returns all unsettled deliveries to their places; they do not count towards a delivery limit.
     * For few deliveries, as it is done in one task.
     */
    public void putBack() {
        list.drain().forEach(HeldDelivery::putBack);
    }

    /** Requeues all unsettled deliveries at their original positions, marked as redelivered. */
    public void close() {
        ManySettlements.giveBack(list.drain());
    }
}
