package io.taffrail.simulation.queue;

import io.taffrail.broker.vhost.ConfirmListener;
import io.taffrail.broker.vhost.PublishOutcome;
import io.taffrail.broker.vhost.Publisher;
import io.taffrail.simulation.world.Violation;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A channel in confirm mode: publishes, and hears what became of it. On the owner's thread. */
final class SimPublisher implements ConfirmListener {

    /** A publish without an answer: its step, and what was done before it. */
    private record Asked(Step step, Sent sent, long point) {}

    private final QueueMachine machine;
    private final Ledger ledger;
    private final Plan plan;
    private final Publisher publisher;
    private final NavigableMap<Long, Asked> unanswered = new TreeMap<>();
    private long tag;

    SimPublisher(QueueMachine machine, Ledger ledger, Plan plan) {
        this.machine = machine;
        this.ledger = ledger;
        this.plan = plan;
        this.publisher = machine.host().publisher(this);
    }

    void publish(Sent sent, Step step) {
        ledger.published(sent, step);
        tag++;
        unanswered.put(tag, new Asked(step, sent, ledger.point()));
        PublishOutcome outcome = publisher.publish(tag, sent.message());
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
        boolean refused = false;
        for (String name : plan.routes(asked.sent.exchange(), asked.sent.key())) {
            QueueModel queue = ledger.queue(name);
            if (queue.plan().mayRefuse()) {
                queue.copy(asked.sent, "", null).refused();
                refused = true;
            }
        }
        if (!refused && !machine.disk().hasBeenFull() && !machine.disk().hasFailed()
                && !plan.mayOverload()) {
            throw new Violation("nothing is refused without cause", asked.toString());
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

    boolean isAnswered() {
        return unanswered.isEmpty();
    }

    /** Its connection is lost: answers reach nobody, what was taken is stored nevertheless. */
    void die() {
        unanswered.clear();
        publisher.close();
    }
}
