package io.taffrail.simulation.queue;

import io.taffrail.simulation.world.Trace;
import io.taffrail.simulation.world.Violation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All messages that were published, delivered and settled, over all lives of the machine. */
final class Ledger {

    /** A promise that holds once everything done at {@code point} is durable. */
    private record Pending(long point, Runnable promise) {}

    private final QueuesPlan plan;
    private final Trace trace;
    private final Map<String, QueueModel> queues = new LinkedHashMap<>();
    private final Map<Integer, Sent> messages = new LinkedHashMap<>();
    /** Publishing steps of this life. */
    private final List<Step> publishes = new ArrayList<>();
    private final Deque<Pending> pending = new ArrayDeque<>();
    /** Keys with a confirmed message at the de-duplicating exchange. */
    private final Set<String> onceConfirmed = new TreeSet<>();
    /** The delivered message of each key. */
    private final Map<String, Integer> onceSeen = new HashMap<>();
    private long point;
    /** True if a part of an action may not be stored although later actions are. */
    private boolean doubtful;

    Ledger(QueuesPlan plan, Trace trace) {
        this.plan = plan;
        this.trace = trace;
        plan.queues().forEach(it -> queues.put(it.name(), new QueueModel(it)));
    }

    List<QueueModel> queues() {
        return List.copyOf(queues.values());
    }

    QueueModel queue(String name) {
        QueueModel queue = queues.get(name);
        if (queue == null) {
            throw new IllegalArgumentException("no queue " + name);
        }
        return queue;
    }

    List<Copy> copies() {
        return queues.values().stream().flatMap(it -> it.copies().stream()).toList();
    }

    int nextId() {
        return messages.size();
    }

    /** A message is published as part of a step. */
    void published(Sent sent, Step step) {
        messages.put(sent.id(), sent);
        trace.event("publish", sent + " to '" + sent.exchange() + "' " + sent.key(),
                sent.delayMs(), sent.expirationMs());
        // A message that may be a duplicate is not certain before it is delivered.
        Step storing = sent.isOnce() ? new Step("publish once " + sent) : step;
        publishes.add(storing);
        if (doubtful) {
            storing.part();
        }
        for (String name : plan.routes(sent.exchange(), sent.key())) {
            QueueModel queue = queue(name);
            storing.stores(queue.copy(sent, "", null));
            queue.grown();
        }
    }

    /** A message was confirmed: it, or another with its key, is stored. */
    void confirmed(Sent sent) {
        if (sent.isOnce()) {
            onceConfirmed.add(sent.key());
        }
    }

    /** Requires, after a check of all queues, that each confirmed key had a message. */
    void requireOnce() {
        for (String key : onceConfirmed) {
            boolean unseen = plan.routes(QueuesPlan.ONCE, key).stream()
                    .anyMatch(it -> queue(it).mayBePurged());
            if (!onceSeen.containsKey(key) && !unseen) {
                throw new Violation("nothing is dropped but duplicates", key);
            }
        }
    }

    private void seenOnce(Sent sent) {
        Integer first = onceSeen.putIfAbsent(sent.key(), sent.id());
        if (first != null && first != sent.id()) {
            throw new Violation("a duplicate is dropped",
                    sent + " came after m" + first + ", both of " + sent.key());
        }
    }

    /** Current point of the virtual host: all actions before it are durable once it is. */
    long point() {
        return point;
    }

    /** Runs {@code promise} once the actions up to now are durable. */
    void whenDurable(Runnable promise) {
        if (doubtful) {
            return;
        }
        pending.add(new Pending(point, promise));
        point++;
    }

    /** All actions before this point are durable. */
    void durable(long before) {
        trace.event("durable", "before", before, pending.size());
        while (!pending.isEmpty() && pending.getFirst().point < before) {
            pending.removeFirst().promise.run();
        }
    }

    /**
     * A component fails: nothing that it did and that is not known to be durable is promised until
     * the machine has been restarted. Answers to publishers still count.
     */
    void doubt() {
        doubtful = true;
        pending.clear();
        publishes.forEach(Step::part);
        copies().forEach(Copy::doubt);
    }

    boolean isDoubtful() {
        return doubtful;
    }

    /** Whether every purge of this life was answered. */
    boolean isPurged() {
        return queues.values().stream().noneMatch(QueueModel::isPurging);
    }

    /** The machine died: actions not known to be durable are not promised. */
    void machineDied() {
        pending.clear();
        doubtful = false;
        publishes.clear();
        for (Copy copy : copies()) {
            copy.forget();
            copy.deliveries().forget();
        }
        queues.values().forEach(QueueModel::machineDied);
    }

    /** Records a delivery; returns the delivered copy. */
    Copy delivered(String queueName, Received received, Object holder, long nowMs) {
        QueueModel queue = queue(queueName);
        trace.event("deliver", queueName + " " + received, nowMs, 0);
        Sent sent = messages.get(received.id());
        if (sent == null || !sent.body().equals(received.body())) {
            throw new Violation("what is delivered was published", received.toString());
        }
        Copy copy = queue.find(sent, received.trail());
        if (copy == null) {
            copy = dead(queue, sent, received.trail(), nowMs);
        }
        if (copy.holder() != null) {
            throw new Violation("nobody gets what another holds", copy.toString());
        }
        if (copy.isSettling()) {
            throw new Violation("what is settled is not delivered again", copy.toString());
        }
        if (copy.trail().isEmpty() && nowMs < sent.atMs() + sent.delayMs()) {
            throw new Violation("nothing comes before its delay is over", copy + " at " + nowMs);
        }
        copy.seen();
        if (sent.isOnce()) {
            seenOnce(sent);
        }
        Copy parent = copy.parent();
        if (parent != null && !parent.isGone()) {
            throw new Violation("a dead letter has left its queue", copy + " of " + parent);
        }
        if (doubtful) {
            copy.deliveries().forget();
        }
        copy.deliveries().add(copy, received.redelivered(), received.count());
        queue.handedOut(copy, received.offset(), nowMs);
        copy.holder(holder);
        Deliveries deliveries = copy.deliveries();
        whenDurable(() -> deliveries.durable(received.count()));
        return copy;
    }

    /** Returns a copy whose dead-lettering was not observed. */
    private Copy dead(QueueModel queue, Sent sent, String trail, long nowMs) {
        Copy parent = parent(sent, trail);
        String reason = trail.substring(0, Math.max(0, trail.indexOf('@')));
        if (parent == null || !parent.queue().plan().deadTo().equals(queue.name())) {
            throw new Violation("no message comes from nowhere",
                    sent + " in " + queue.name() + " <" + trail + ">");
        }
        QueueModel from = parent.queue();
        boolean allowed = switch (reason) {
            case "expired" -> from.mayHaveExpired(parent, nowMs);
            case "maxlen" -> from.mayHaveOverflowed()
                    || from.plan().overflow().equals("reject-publish-dlx");
            default -> false;
        };
        if (!allowed || parent.holder() != null || parent.isSettling()) {
            throw new Violation("a message dies for a cause only", parent + " by " + trail);
        }
        Copy copy = queue.copy(sent, trail, parent);
        Step step = new Step("death of " + parent);
        step.stores(copy);
        if (!from.plan().mayRefuse() || !reason.equals("maxlen")) {
            parent.seen();
        }
        step.settles(parent);
        step.done(true, "it was seen");
        return copy;
    }

    private @Nullable Copy parent(Sent sent, String trail) {
        int at = trail.indexOf('@');
        if (at < 0) {
            return null;
        }
        int end = trail.indexOf('>', at);
        String name = trail.substring(at + 1, end < 0 ? trail.length() : end);
        String before = end < 0 ? "" : trail.substring(end + 1);
        QueueModel queue = queues.get(name);
        return queue == null ? null : queue.find(sent, before);
    }

    /**
     * Begins a step that takes a copy out of its queue.
     *
     * @param reason
     *            reason for dead-lettering; empty if the copy is acknowledged or dropped
     */
    void settle(Copy copy, String reason, Step step) {
        trace.event("settle", copy + " " + reason, 0, 0);
        step.settles(copy);
        copy.settling(step);
        if (doubtful) {
            copy.doubt(); // Its queue may be reopened in this life.
        }
        QueuePlan from = copy.queue().plan();
        if (!reason.isEmpty() && !from.deadTo().isEmpty()) {
            String before = copy.trail().isEmpty() ? "" : ">" + copy.trail();
            step.stores(queue(from.deadTo()).copy(copy.sent(), reason + "@" + from.name() + before,
                    copy));
        }
    }

    /**
     * A consumer requeues a copy. If that exceeds the delivery limit, a step takes it
     * out of the queue.
     */
    void giveBack(Copy copy) {
        QueuePlan of = copy.queue().plan();
        int limit = of.deliveryLimit();
        if (of.quorum() && limit >= 0 && copy.deliveries().count() + 1 > limit) {
            Step step = new Step("delivery limit of " + copy);
            settle(copy, "delivery_limit", step);
            whenDurable(() -> step.done(true, "durable"));
        } else {
            trace.event("give back", copy.toString(), 0, 0);
            copy.holder(null);
            copy.deliveries().returned();
            copy.queue().grown();
        }
    }

    /** Copies in an uncertain state, for a trace. */
    List<Copy> open() {
        List<Copy> open = new ArrayList<>(copies());
        open.removeIf(it -> it.isGone() || it.isCertain());
        return open;
    }
}
