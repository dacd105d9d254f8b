package io.taffrail.simulation.queue;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Consumer;
import io.taffrail.broker.queue.ConsumerOptions;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.Prefetch;
import io.taffrail.broker.queue.Subscription;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.Violation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A consumer: its deliveries and its settlements. Owner's thread only. */
final class SimConsumer implements Consumer {

    /** An unacknowledged delivery. */
    record Held(Delivery delivery, Copy copy) {}

    private final QueueMachine machine;
    private final Ledger ledger;
    private final String queue;
    private final boolean acknowledges;
    private final int prefetch;
    private final List<Held> held = new ArrayList<>();
    private @Nullable Subscription subscription;
    private boolean ready = true;
    private boolean closed;
    private int taken;

    /**
     * @param prefetch
     *            0 for no limit
     */
    SimConsumer(QueueMachine machine, Ledger ledger, String queue, boolean acknowledges,
            int prefetch) {
        this.machine = machine;
        this.ledger = ledger;
        this.queue = queue;
        this.acknowledges = acknowledges;
        this.prefetch = prefetch;
    }

    String queue() {
        return queue;
    }

    /** Number of deliveries so far. */
    int taken() {
        return taken;
    }

    /** Subscribes. Owner's thread only. */
    void begin() {
        ledger.queue(queue).subscribes(this);
        var _ = machine.host().consume(queue,
                new ConsumerOptions("c", machine.session(), acknowledges, false,
                        prefetch == 0 ? List.of() : List.of(new Prefetch(prefetch)),
                        FieldTable.EMPTY),
                this)
                .whenComplete((made, failure) -> {
                    if (made == null) {
                        requireCause(failure);
                        return;
                    }
                    subscription = made;
                    if (closed) {
                        made.close();
                    }
                });
    }

    private void requireCause(Throwable failure) {
        if (!machine.disk().hasFailed()) {
            throw new Violation("a consumer is taken", String.valueOf(failure));
        }
    }

    @Override
    public boolean isReady() {
        return ready && !closed;
    }

    @Override
    public void deliver(Delivery delivery, StoredMessage message) {
        if (closed) {
            throw new Violation("who has left gets nothing", queue);
        }
        ledger.queue(queue).requireActive(this);
        Copy copy = ledger.delivered(queue, Received.of(delivery, message), this,
                machine.latestMs());
        taken++;
        if (acknowledges) {
            held.add(new Held(delivery, copy));
            if (prefetch > 0 && held.size() > prefetch) {
                throw new Violation("nobody gets more than the prefetch", held.toString());
            }
        } else {
            Step step = new Step("taken, " + copy);
            ledger.settle(copy, "", step);
            ledger.whenDurable(() -> step.done(true, "durable"));
        }
    }

    @Override
    public void delivered() {
        // There is no socket to flush.
    }

    /** The queue was quarantined. */
    @Override
    public void cancelled() {
        if (!machine.disk().hasFailed()) {
            throw new Violation("a queue that is there serves", queue);
        }
        machine.requireNoQuarantine();
        closed = true;
        ledger.queue(queue).leaves(this);
        held.forEach(it -> ledger.giveBack(it.copy));
        held.clear();
    }

    /** Stops or resumes taking deliveries. */
    void pause(boolean value) {
        ready = !value;
        Subscription mine = subscription;
        if (ready && mine != null && !closed) {
            mine.resume();
        }
    }

    boolean isPaused() {
        return !ready;
    }

    /** Removes and returns a random unacknowledged delivery, or {@code null}. */
    @Nullable
    Held pick(Dice dice) {
        return held.isEmpty() ? null : held.remove(dice.below(held.size()));
    }

    boolean isEmpty() {
        return held.isEmpty();
    }

    /** Acknowledges all its deliveries. */
    void acceptAll() {
        for (Held each : held) {
            Step step = new Step("settled, " + each.copy);
            ledger.settle(each.copy, "", step);
            each.delivery.accept();
            ledger.whenDurable(() -> step.done(true, "durable"));
        }
        held.clear();
    }

    /** Its connection is lost: all unacknowledged messages are requeued in order. */
    void die() {
        closed = true;
        ledger.queue(queue).leaves(this);
        held.forEach(it -> ledger.giveBack(it.copy));
        held.clear();
        Subscription mine = subscription;
        if (mine != null) {
            mine.close();
        }
    }
}
