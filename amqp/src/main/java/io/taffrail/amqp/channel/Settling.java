package io.taffrail.amqp.channel;

import io.taffrail.amqp.codec.AmqpException;
import io.taffrail.amqp.codec.BasicMethod;
import io.taffrail.amqp.codec.ReplyCode;
import io.taffrail.amqp.memory.HeldMemory;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.ManySettlements;
import io.taffrail.broker.queue.Settlement;
import io.taffrail.broker.traffic.MessageEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The unsettled deliveries of a channel and the methods that settle them.
 * On the connection's loop only.
 */
final class Settling {

    /** Memory charged for one delivery: its ring entry and its object, in bytes. */
    private static final int DELIVERY_BYTES = 120;
    /** Memory is charged for this many deliveries at a time. */
    private static final int CHARGED_AT_ONCE = 1024;
    /** More deliveries than this are settled in steps. */
    private static final int AT_ONCE = 128;

    private final Unsettled unsettled = new Unsettled();
    private final Transaction transaction;
    private final Link connection;
    private final ChannelCounts counts;
    private final HeldMemory memory;
    /**
     * Number of deliveries covered by the charged memory;
     * the first {@link #CHARGED_AT_ONCE} are free.
     */
    private int charged = CHARGED_AT_ONCE;
    private long lastTag;

    Settling(Transaction transaction, ChannelLink link) {
        this.counts = link.counts();
        this.transaction = transaction;
        this.connection = link.connection();
        this.memory = connection.memory();
    }

    /** Returns the next delivery tag of this channel; the first is 1. */
    long nextTag() {
        return ++lastTag;
    }

    void add(long tag, Delivery delivery) {
        unsettled.add(tag, delivery);
        if (unsettled.size() > charged) {
            charged += CHARGED_AT_ONCE;
            memory.add((long) CHARGED_AT_ONCE * DELIVERY_BYTES);
        }
    }

    /**
     * Releases memory that is no longer needed. A spare chunk stays charged, so that a count that
     * moves around a chunk boundary does not cause a charge each time.
     */
    private void uncharge() {
        while (charged - 2 * CHARGED_AT_ONCE >= Math.max(unsettled.size(), CHARGED_AT_ONCE)) {
            charged -= CHARGED_AT_ONCE;
            memory.remove((long) CHARGED_AT_ONCE * DELIVERY_BYTES);
        }
    }

    /** Requeues everything and releases the charged memory, because the channel is closing. */
    void close() {
        giveBackAll();
        memory.remove((long) (charged - CHARGED_AT_ONCE) * DELIVERY_BYTES);
        charged = CHARGED_AT_ONCE;
    }

    void ack(BasicMethod.Ack ack) {
        settle(ack.deliveryTag(), ack.multiple(), Settlement.ACCEPT);
    }

    void nack(BasicMethod.Nack nack) {
        settle(nack.deliveryTag(), nack.multiple(), giveUp(nack.requeue()));
    }

    void reject(BasicMethod.Reject reject) {
        settle(reject.deliveryTag(), false, giveUp(reject.requeue()));
    }

    /**
     * Handles {@code basic.recover}: requeues everything. As in RabbitMQ, the messages may go
     * to any consumer; {@code requeue=false} is refused with 540.
     */
    void recover(boolean requeue) {
        if (!requeue) {
            throw new AmqpException(ReplyCode.NOT_IMPLEMENTED, "requeue=false");
        }
        giveBackAll();
    }

    /** Requeues all unsettled deliveries. */
    void giveBackAll() {
        var _ = ManySettlements.settle(takeUpTo(Long.MAX_VALUE), Settlement.REQUEUE);
    }

    private List<Delivery> takeUpTo(long tag) {
        List<Delivery> taken = new ArrayList<>(
                Math.min(unsettled.size(), unsettled.countUpTo(tag)));
        unsettled.takeUpTo(tag, (_, delivery) -> taken.add(delivery));
        return taken;
    }

    private static Settlement giveUp(boolean requeue) {
        return requeue ? Settlement.REQUEUE : Settlement.REJECT;
    }

    private void settle(long tag, boolean multiple, Settlement how) {
        if (!multiple) {
            Delivery delivery = unsettled.take(tag);
            if (delivery == null) {
                throw unknown(tag);
            }
            uncharge();
            settleOne(tag, delivery, how);
            return;
        }
        if (tag != 0 && !unsettled.contains(tag)) {
            throw unknown(tag);
        }
        long last = tag == 0 ? lastTag : tag;
        if (transaction.isOpen() || unsettled.countUpTo(last) <= AT_ONCE) {
            unsettled.takeUpTo(last, (taken, delivery) -> settleOne(taken, delivery, how));
        } else {
            settleInSteps(takeUpTo(last), how);
        }
        uncharge();
    }

    /** Settles in steps; frames of this connection are not processed until all steps are done. */
    private void settleInSteps(List<Delivery> taken, Settlement how) {
        count(how, taken.size());
        CompletableFuture<Void> settled = ManySettlements.settle(taken, how);
        if (!settled.isDone()) {
            connection.readAfter(settled);
        }
    }

    private void settleOne(long tag, Delivery delivery, Settlement how) {
        count(how, 1);
        if (transaction.isOpen()) {
            transaction.settle(tag, delivery, how);
        } else {
            how.apply(delivery);
        }
    }

    private void count(Settlement how, int number) {
        if (how == Settlement.ACCEPT) {
            counts.count(MessageEvent.ACKNOWLEDGED, number);
        }
    }

    /** Number of unsettled deliveries. */
    int unsettled() {
        return unsettled.size();
    }

    private static AmqpException unknown(long tag) {
        return new AmqpException(ReplyCode.PRECONDITION_FAILED,
                "unknown delivery tag " + Long.toUnsignedString(tag));
    }

    /** Makes deliveries unsettled again whose settlements were rolled back. */
    void restore(List<Transaction.Settled> settled) {
        if (!settled.isEmpty()) {
            unsettled.restore(settled);
        }
    }
}
