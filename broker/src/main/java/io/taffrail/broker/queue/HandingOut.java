package io.taffrail.broker.queue;

import io.taffrail.broker.cursor.CursorLog;
import io.taffrail.broker.deadletter.DeathReason;
import io.taffrail.broker.message.RecordCursor;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.MessageWatch.Verdict;
import io.taffrail.broker.schedule.Budget;
import io.taffrail.broker.traffic.MessageEvent;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The delivery of a queue's ready messages to consumers and single gets. Owner thread only. */
final class HandingOut {

    private final Queue queue;
    private final QueueContext context;
    private final Ready ready;
    private final CursorLog cursor;
    private final Expiration expiration;
    private final GivingUp givingUp;
    private final QueueMeter meter;
    private final Watching watching;
    private final List<ConsumerLink> served = new ArrayList<>();

    HandingOut(Queue queue, QueueContext context, Ready ready, CursorLog cursor,
            Expiration expiration,
            GivingUp givingUp, QueueMeter meter) {
        this.meter = meter;
        this.queue = queue;
        this.context = context;
        this.ready = ready;
        this.cursor = cursor;
        this.expiration = expiration;
        this.givingUp = givingUp;
        this.watching = queue.watching();
    }

    /**
     * Delivers ready messages to consumers with room, within the budget; the rest follows in a
     * later turn.
     */
    void serve(Consumers consumers, Budget budget) {
        while (ready.count() > 0 && ready.peek()) {
            if (expiration.isExpired(ready.message())
                    && (ready.isReturned() || !expiration.isForNow(ready.message()))) {
                if (!givingUp.mayMove() || !givingUp.goesOn(budget)) {
                    return;
                }
                budget.spend(ready.message().bodyBytes());
                givingUp.head(DeathReason.EXPIRED);
                continue;
            }
            if (budget.isSpent()) {
                queue.schedule();
                return;
            }
            Verdict verdict = watching.head(budget);
            if (verdict == Verdict.HOLD) {
                return;
            }
            if (verdict != Verdict.PASS) {
                continue;
            }
            ConsumerLink consumer = consumers.next(ready.message().offset());
            if (consumer == null) {
                meter.room().none();
                return;
            }
            meter.room().some();
            budget.spend(ready.message().bodyBytes());
            hand(consumer);
        }
        meter.room().some();
    }

    /** Tells the consumers served that this run of deliveries has ended. */
    void flush() {
        for (int index = 0; index < served.size(); index++) {
            served.get(index).flush();
        }
        served.clear();
    }

    private void hand(ConsumerLink consumer) {
        RecordCursor message = ready.message();
        HeldDelivery delivery = take(message);
        boolean acknowledges = consumer.options().acknowledges();
        meter.handedOut(delivery, acknowledges
                ? MessageEvent.DELIVERED
                : MessageEvent.DELIVERED_SETTLED, acknowledges);
        StoredMessage shown = shown(message, delivery);
        if (watching.isOn()) {
            shown = watching.handedOut(shown, delivery, consumer.worker());
        }
        if (!acknowledges) {
            watching.settle(delivery);
        }
        if (consumer.deliver(delivery, shown)) {
            served.add(consumer);
        }
    }

    /**
     * Delivers the message at the position of {@link Ready#peek}.
     *
     * @param holder
     *            holds the delivery until it is settled, or null if it is settled at once
     */
    void get(@Nullable GetHolder holder, Getter getter) {
        RecordCursor message = ready.message();
        HeldDelivery delivery = take(message);
        meter.handedOut(delivery, holder == null ? MessageEvent.GOT_SETTLED : MessageEvent.GOT,
                holder != null);
        StoredMessage shown = watching.handedOut(shown(message, delivery), delivery, "a get");
        if (holder == null) {
            watching.settle(delivery);
        } else {
            if (holder.add(delivery)) {
                context.holding(queue, holder);
            }
            cursor.handedOut(ready.position());
        }
        getter.got(delivery, shown, ready.count());
    }

    private HeldDelivery take(RecordCursor message) {
        long offset = message.offset();
        HeldDelivery delivery = new HeldDelivery(queue, offset, ready.isReturned(),
                cursor.cursor().count(offset), message.bodyBytes());
        ready.take();
        expiration.headChanged();
        return delivery;
    }

    private StoredMessage shown(RecordCursor message, HeldDelivery delivery) {
        return queue.settings().countsDeliveries() && delivery.count() > 0
                ? CountedMessage.with(message, "x-delivery-count", delivery.count())
                : message;
    }
}
