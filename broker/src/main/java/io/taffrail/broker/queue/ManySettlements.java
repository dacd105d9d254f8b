package io.taffrail.broker.queue;

import io.taffrail.broker.schedule.Budget;
import io.taffrail.broker.turn.Turn;
import io.taffrail.broker.turn.TurnListener;
import io.taffrail.log.guard.Guard;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settlement of many deliveries in steps: a client may have a million in flight, and rejecting
 * one means reading the message and storing its dead letter. While messages are requeued, their
 * queues deliver nothing, so that nothing overtakes them. When dead letters have filled a turn, the
 * next step begins once that turn is durable. Owner thread only.
 *
 * @param <D>
 *            the kind of delivery
 */
public final class ManySettlements<D extends Delivery> {

    private static final Logger LOG = LoggerFactory.getLogger(ManySettlements.class);

    private final QueueContext context;
    private final List<D> deliveries;
    private final Consumer<D> how;
    private final boolean costsBytes;
    private final Set<Queue> held = new HashSet<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private int next;

    private ManySettlements(QueueContext context, List<D> deliveries, Consumer<D> how,
            boolean costsBytes) {
        this.context = context;
        this.deliveries = deliveries;
        this.how = how;
        this.costsBytes = costsBytes;
    }

    /**
     * Settles deliveries of queues of one virtual host, as many in one step as its budget allows.
     *
     * @param deliveries
     *            must not be changed after the call
     * @return completes on the owner's thread when all are settled
     */
    public static CompletableFuture<Void> settle(List<Delivery> deliveries,
            Settlement settlement) {
        for (Delivery delivery : deliveries) {
            if (delivery instanceof HeldDelivery first) {
                ManySettlements<Delivery> all = new ManySettlements<>(
                        first.ownQueue().context(), deliveries, settlement::apply,
                        settlement == Settlement.REJECT);
                if (settlement == Settlement.REQUEUE) {
                    all.holdQueues();
                }
                return all.begin();
            }
        }
        deliveries.forEach(settlement::apply); // Of streams: this only gives back credit.
        return CompletableFuture.completedFuture(null);
    }

    /** Requeues messages whose deliveries were already removed from their holder. */
    static void giveBack(List<HeldDelivery> deliveries) {
        if (!deliveries.isEmpty()) {
            ManySettlements<HeldDelivery> all = new ManySettlements<>(
                    deliveries.getFirst().ownQueue().context(), deliveries,
                    HeldDelivery::giveBack, false);
            all.holdQueues();
            var _ = all.begin();
        }
    }

    private void holdQueues() {
        for (D delivery : deliveries) {
            if (delivery instanceof HeldDelivery one) {
                if (held.add(one.ownQueue())) {
                    one.ownQueue().requeues().begin();
                }
                one.ownQueue().requeues().change(1);
            }
        }
    }

    private CompletableFuture<Void> begin() {
        step(context.steps().direct());
        return done;
    }

    private void step(Budget budget) {
        while (next < deliveries.size()) {
            if (budget.isSpent() || context.turn().isFull()) {
                goOnLater();
                return;
            }
            D delivery = deliveries.get(next++);
            budget.spend(costsBytes && delivery instanceof HeldDelivery one ? one.bodyBytes() : 0);
            Guard.run(() -> how.accept(delivery), cause -> LOG.error(
                    "QUE-008 a delivery of queue {} could not be settled", delivery.queue(),
                    cause));
            if (!held.isEmpty() && delivery instanceof HeldDelivery one) {
                one.ownQueue().requeues().change(-1);
            }
        }
        held.forEach(Queue::returned);
        done.complete(null);
    }

    private void goOnLater() {
        Turn turn = context.turn();
        if (!turn.isFull()) {
            context.steps().add(this::step);
        } else if (turn.isRefusing()) {
            var _ = context.timers().after(Turn.AGAIN_MS,
                    () -> context.steps().add(this::step));
        } else {
            turn.listen(new TurnListener() {
                @Override
                public void durable() {
                    context.steps().add(ManySettlements.this::step);
                }

                @Override
                public void failed(String detail) {
                    context.steps().add(ManySettlements.this::step);
                }
            });
        }
    }
}
