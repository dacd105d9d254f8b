package io.taffrail.broker.vhost;

import io.taffrail.broker.exchange.Destination;
import io.taffrail.broker.exchange.Exchange;
import io.taffrail.broker.exchange.Walk;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.queue.AnyQueue;
import io.taffrail.broker.queue.QueueContext;
import io.taffrail.broker.schedule.Budget;
import io.taffrail.broker.turn.TurnListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The routing of dead letters and of delayed messages that are due. A walk that costs more than one
 * task may is made in steps while the message stays in its source, which is then told to try again.
 * A virtual host makes one such walk at a time; other costly messages wait for it in their sources.
 * Nothing is stored: after a restart the message is routed anew. Owner thread only.
 */
final class MovedWalks {

    /** A finished walk that its source does not ask for is dropped after this many milliseconds. */
    private static final int KEPT_MS = 5_000;
    /** A walk looks at the budget four times while it costs what one publish may cost at once. */
    private static final int LOOKS = 4;
    /** Number of messages that such a part counts for in the budget, which then reads its clock. */
    private static final int COUNT_OF_A_LOOK = 16;

    /**
     * The place of a message that waits.
     *
     * @param holder
     *            the queue, or the delayed messages
     */
    record Source(Object holder, long offset) {}

    /**
     * The queues that a message goes to.
     *
     * @param walk
     *            is to be told what becomes of the message; valid until the next message is routed
     */
    record Way(Walk walk, List<AnyQueue> queues) {}

    private static final class InSteps {

        private final Source source;
        private final Exchange exchange;
        private final String key;
        private final Walk walk;
        private final Runnable found;
        private boolean over;

        InSteps(Source source, Exchange exchange, String key, Walk walk, Runnable found) {
            this.source = source;
            this.exchange = exchange;
            this.key = key;
            this.walk = walk;
            this.found = found;
        }
    }

    private final Topology topology;
    private final QueueContext context;
    private final PublishLimits limits;
    private Walk usual = new Walk();
    private @Nullable InSteps running;

    MovedWalks(Topology topology, QueueContext context, PublishLimits limits) {
        this.topology = topology;
        this.context = context;
        this.limits = limits;
    }

    /**
     * Finds the queues of a message; empty if it has to wait, because finding them takes steps.
     *
     * @param found
     *            run in a later task when this is to be called again; perhaps never, if the message
     *            waits for another message's walk
     */
    Optional<Way> find(Exchange exchange, Message message, Source source, Runnable found) {
        InSteps before = running;
        if (before != null && before.source.equals(source)) {
            if (!before.over) {
                return Optional.empty();
            }
            running = null;
            if (before.exchange.equals(exchange) && before.key.equals(message.routingKey())
                    && isCurrent(before.walk) && before.walk.isAdmitted()) {
                return Optional.of(way(before.walk));
            }
        }
        usual.begin(message.properties());
        if (usual.from(exchange, message.routingKey(),
                PublishRules.storedKeys(message.properties()), limits.movedAtOnce())) {
            return Optional.of(way(usual));
        }
        if (running == null) {
            usual.suspend(message.properties().copy());
            begin(new InSteps(source, exchange, message.routingKey(), usual, found));
            usual = new Walk();
        } else {
            usual.withdraw();
        }
        return Optional.empty();
    }

    /**
     * As {@link #find}, for a message without a source to wait in; empty if routing it costs more
     * than such a message may.
     */
    Optional<Way> atOnce(Exchange exchange, Message message) {
        Walk walk = new Walk(); // The usual one may be in use for the message that led to this one.
        return Routing.follow(walk, exchange, message, limits)
                ? Optional.of(way(walk))
                : Optional.empty();
    }

    /** Whether no queue was replaced since the walk reached it; deleted ones are left out. */
    private boolean isCurrent(Walk walk) {
        return walk.queues().stream().map(AnyQueue.class::cast)
                .allMatch(it -> topology.queue(it.name()).filter(now -> !now.equals(it)).isEmpty());
    }

    private Way way(Walk walk) {
        List<AnyQueue> queues = new ArrayList<>(walk.queues().size());
        for (Destination each : walk.queues()) {
            AnyQueue queue = (AnyQueue) each;
            if (walk == usual || topology.queue(queue.name()).isPresent()) {
                queues.add(queue);
            }
        }
        return new Way(walk, queues);
    }

    private void begin(InSteps walk) {
        running = walk;
        context.steps().add(budget -> goOn(walk, budget));
    }

    private void goOn(InSteps it, Budget budget) {
        boolean sound = false;
        try {
            boolean over;
            do {
                over = it.walk.goOn(limits.routingCost() / LOOKS + 1);
                budget.spend(COUNT_OF_A_LOOK, 0);
            } while (!over && !budget.isSpent());
            it.over = over;
            sound = true;
        } finally {
            if (!sound) {
                running = null;
            }
        }
        if (it.over) {
            var _ = context.timers().after(KEPT_MS, () -> drop(it));
            it.found.run();
        } else {
            context.steps().add(next -> goOn(it, next));
        }
    }

    private void drop(InSteps unclaimed) {
        if (unclaimed.equals(running)) {
            running = null;
        }
    }

    /**
     * Whether a message goes to so many queues that it is stored in several turns. With a
     * de-duplication mark it is stored in one, unless there is no memory for that.
     */
    boolean isInParts(Way way, Message message, int queues) {
        return way.walk.hasMark()
                ? !FanOutLimit.allows(message, queues)
                : !limits.allowOneTurn(message, queues);
    }

    /** Number of queues that get such a message in one turn. */
    int copiesInPart(Message message) {
        return limits.copiesInPart(message);
    }

    /** Runs {@code next} when the open turn, which holds a part of a message, has ended. */
    void afterPart(Runnable next) {
        context.turn().listen(new TurnListener() {
            @Override
            public void durable() {
                next.run();
            }

            @Override
            public void failed(String detail) {
                next.run();
            }
        });
    }
}
