package io.taffrail.simulation.queue;

import io.taffrail.simulation.world.Violation;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A check of all queues: one client takes every message and compares the result with the model.
 * No other client may be connected.
 */
final class Census {

    private static final int TRIES = 200;
    /**
     * Longest delay beyond the due time of a delayed message, including a time of refused appends,
     * in milliseconds.
     */
    private static final int SLACK_MS = 300;

    private final QueueMachine machine;
    private final Ledger ledger;
    private final boolean countable;
    private final Map<QueueModel, SimConsumer> takers = new LinkedHashMap<>();

    /**
     * @param countable
     *            true if no message arrives or leaves by itself meanwhile
     */
    Census(QueueMachine machine, Ledger ledger, boolean countable) {
        this.machine = machine;
        this.ledger = ledger;
        this.countable = countable;
    }

    /**
     * Takes all messages and compares.
     *
     * @param keep
     *            true to requeue everything afterwards; false to acknowledge it
     */
    void take(boolean keep) {
        barrier();
        for (QueueModel queue : ledger.queues()) {
            drain(queue);
        }
        for (QueueModel queue : ledger.queues()) {
            drained(queue);
        }
        compare();
        for (SimConsumer taker : takers.values()) {
            machine.onOwner(() -> finish(taker, keep));
        }
        barrier();
    }

    private void finish(SimConsumer taker, boolean keep) {
        if (!keep) {
            taker.acceptAll();
        }
        taker.die();
    }

    private void barrier() {
        long[] before = {0};
        machine.onOwner(() -> before[0] = ledger.point());
        barrier(machine, () -> ledger.durable(before[0]));
    }

    /** Runs {@code done} once everything done before is durable. */
    static void barrier(QueueMachine machine, Runnable done) {
        for (int tries = 0; tries < TRIES; tries++) {
            boolean[] answered = {false};
            boolean[] stored = {false};
            machine.onOwner(() -> {
                var _ = machine.host().atomically(() -> {}).whenComplete((_, failure) -> {
                    answered[0] = true;
                    stored[0] = failure == null;
                    if (failure == null && !machine.isOver()) {
                        done.run();
                    }
                });
            });
            machine.scheduler().until("a barrier", () -> answered[0]);
            if (stored[0]) {
                return;
            }
            machine.scheduler().pass(20);
        }
        throw new Violation("what is refused is stored in the end", "a barrier");
    }

    private long ready(QueueModel queue) {
        return machine.ask("the status of " + queue.name(), () -> machine.host()
                .checkQueue(queue.name(), machine.session())).ready();
    }

    private void drain(QueueModel queue) {
        boolean exact = countable && ledger.copies().stream().noneMatch(this::isDelayed);
        long counted = ready(queue);
        SimConsumer taker = new SimConsumer(machine, ledger, queue.name(), true, 0);
        takers.put(queue, taker);
        machine.onOwner(taker::begin);
        drained(queue);
        if (exact && counted != taker.taken()) {
            throw new Violation("a queue holds as many messages as it says",
                    "%s: %d, found %d".formatted(queue.name(), counted, taker.taken()));
        }
    }

    private void drained(QueueModel queue) {
        for (int tries = 0; ready(queue) > 0; tries++) {
            if (tries > TRIES) {
                throw new Violation("everything ready is delivered", queue.name() + " keeps "
                        + ready(queue));
            }
            machine.scheduler().pass(5);
            barrier();
        }
    }

    private void compare() {
        Set<Copy> missing = new HashSet<>();
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Copy copy : ledger.copies()) {
                if (copy.isCertain() && copy.holder() == null && !isDelayed(copy)
                        && missing.add(copy)) {
                    explain(copy);
                    changed = true;
                }
            }
        }
        for (Copy copy : ledger.copies()) {
            boolean unknown = !copy.mayBeSettledBy().isEmpty() || isDelayed(copy)
                    || copy.mayHaveLeft(machine.latestMs());
            if (copy.isPossible() && !unknown && !copy.queue().plan().mayRefuse()) {
                copy.notFound();
            }
        }
    }

    private boolean isDelayed(Copy copy) {
        return copy.trail().isEmpty() && copy.offset() < 0 && copy.sent().delayMs() > 0
                && machine.nowMs() <= copy.sent().atMs() + copy.sent().delayMs() + SLACK_MS
                        + machine.clock().setBackMs();
    }

    private void explain(Copy copy) {
        List<Step> steps = copy.mayBeSettledBy();
        String deadTo = copy.queue().plan().deadTo();
        boolean unseen = copy.mayHaveLeft(machine.latestMs())
                && (deadTo.isEmpty() || ledger.queue(deadTo).mayBePurged());
        if (unseen || steps.size() > 1 || steps.stream().anyMatch(Step::isParted)) {
            copy.left();
        } else if (steps.size() == 1) {
            steps.getFirst().done(false, copy + " is not there any more");
        } else {
            throw new Violation("nothing is lost", copy.toString());
        }
    }
}
