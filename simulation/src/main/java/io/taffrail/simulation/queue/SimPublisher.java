package io.taffrail.simulation.queue;

import io.taffrail.broker.BrokerException;
import io.taffrail.broker.vhost.ConfirmListener;
import io.taffrail.broker.vhost.PublishOutcome;
import io.taffrail.broker.vhost.Publisher;
import io.taffrail.simulation.world.Violation;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A channel in confirm mode: publishes, and receives the confirms. Owner's thread only. */
final class SimPublisher implements ConfirmListener {

    /** An unanswered publish: its step, and the point before it. */
    private record Asked(Step step, Sent sent, boolean alone, long point) {}

    private final QueueMachine machine;
    private final Ledger ledger;
    private final QueuesPlan plan;
    private final Publisher publisher;
    private final NavigableMap<Long, Asked> unanswered = new TreeMap<>();
    private long tag;
    private boolean dead;
    /** The step of a publish that takes several tasks, or null. */
    private @Nullable Step underWay;

    SimPublisher(QueueMachine machine, Ledger ledger, QueuesPlan plan) {
        this.machine = machine;
        this.ledger = ledger;
        this.plan = plan;
        this.publisher = machine.host().publisher(this);
    }

    /** Publishes a message. */
    void publish(Sent sent) {
        publish(sent, new Step("publish " + sent), true);
    }

    /** Publishes a message as part of a transaction. */
    void publish(Sent sent, Step transaction) {
        publish(sent, transaction, false);
    }

    private void publish(Sent sent, Step step, boolean alone) {
        ledger.published(sent, step);
        tag++;
        unanswered.put(tag, new Asked(step, sent, alone, ledger.point()));
        PublishOutcome outcome;
        try {
            outcome = publisher.publish(tag, sent.message());
        } catch (BrokerException e) {
            refused(sent, e);
            return;
        }
        if (outcome == PublishOutcome.UNDER_WAY) {
            await(sent, step);
        } else {
            check(sent, outcome);
        }
    }

    private void await(Sent sent, Step step) {
        underWay = step;
        if (machine.storesInParts(plan.routes(sent.exchange(), sent.key()).size())) {
            step.part();
        }
        machine.trace().event("under way", sent.toString(), 0, 0);
        var _ = publisher.underWay().outcome().whenComplete((outcome, failure) -> {
            underWay = null;
            if (machine.isOver()) {
                return;
            }
            if (failure == null) {
                check(sent, outcome);
            } else {
                refused(sent, new IllegalStateException(failure));
            }
        });
    }

    /** The channel is closed, which needs a cause. */
    private void refused(Sent sent, RuntimeException why) {
        if (!machine.disk().hasFailed()) {
            throw why;
        }
        machine.trace().event("failed", sent.toString(), 0, 0);
        die();
    }

    private void check(Sent sent, PublishOutcome outcome) {
        boolean reaches = !plan.routes(sent.exchange(), sent.key()).isEmpty();
        if (sent.delayMs() == 0 && !sent.isOnce()
                && reaches != (outcome == PublishOutcome.ROUTED)) {
            throw new Violation("a message goes where it is bound to", sent + " " + outcome);
        }
    }

    @Override
    public void rejected(long rejectedTag) {
        if (machine.isOver()) {
            return;
        }
        Asked asked = unanswered.remove(rejectedTag);
        machine.trace().event("rejected", String.valueOf(asked), 0, 0);
        if (asked == null) {
            throw new Violation("every publish has one answer", "rejected " + rejectedTag);
        }
        requireNotStored(asked);
        boolean refused = false;
        for (String name : plan.routes(asked.sent.exchange(), asked.sent.key())) {
            QueueModel queue = ledger.queue(name);
            if (queue.plan().mayRefuse() || machine.disk().hasFailed()) {
                queue.copy(asked.sent, "", null).refused();
                refused = true;
            }
        }
        if (!refused && !machine.disk().hasBeenFull() && !machine.disk().hasFailed()
                && !plan.mayOverload()) {
            throw new Violation("nothing is refused without cause", asked.toString());
        }
    }

    /** Requires that, on a working disk, a rejected message for a single queue is not stored. */
    private void requireNotStored(Asked asked) {
        var names = plan.routes(asked.sent.exchange(), asked.sent.key());
        if (machine.disk().isSound() && asked.alone && !asked.sent.isOnce()
                && !asked.step.isParted()
                && (names.size() == 1 || !machine.disk().hasFailed())
                && names.stream().noneMatch(it -> ledger.queue(it).plan().mayRefuse())) {
            names.forEach(it -> ledger.queue(it).copy(asked.sent, "", null).rejected());
        }
    }

    @Override
    public void confirmed(long upToTag) {
        if (machine.isOver()) {
            return;
        }
        var confirmed = unanswered.headMap(upToTag, true);
        if (confirmed.isEmpty()) {
            throw new Violation("every publish has one answer", "confirmed " + upToTag);
        }
        for (Asked asked : confirmed.values()) {
            machine.trace().event("confirmed", asked.sent.toString(), 0, 0);
            asked.step.done(true, "confirmed");
            ledger.confirmed(asked.sent);
            ledger.durable(asked.point);
        }
        confirmed.clear();
    }

    boolean isDead() {
        return dead;
    }

    boolean isBusy() {
        return underWay != null;
    }

    boolean isAnswered() {
        return unanswered.isEmpty();
    }

    /** Its connection is lost: confirms do not reach it, but accepted messages are stored. */
    void die() {
        dead = true;
        Step step = underWay;
        if (step != null) {
            step.overtake();
        }
        unanswered.clear();
        publisher.close();
    }
}
