package io.taffrail.broker.vhost;

import io.taffrail.broker.deadletter.LostLetters;
import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.Destination;
import io.taffrail.broker.exchange.Exchange;
import io.taffrail.broker.exchange.RecentHistory;
import io.taffrail.broker.exchange.Walk;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.queue.AnyQueue;
import io.taffrail.broker.queue.QueueContext;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replay of an {@code x-recent-history} exchange to a new binding: the remembered messages go,
 * oldest first and at most once as in RabbitMQ's plugin, to the bound queue, or to the queues that
 * the bound exchange routes each message to. The replay runs in steps; messages published between
 * two steps are stored between them. Owner thread only.
 */
final class HistoryReplay {

    private static final Logger LOG = LoggerFactory.getLogger(HistoryReplay.class);

    private final Topology topology;
    private final QueueContext context;
    private final LostLetters lost;
    private final PublishLimits limits;
    private final Walk walk = new Walk();

    HistoryReplay(Topology topology, QueueContext context, LostLetters lost,
            PublishLimits limits) {
        this.topology = topology;
        this.context = context;
        this.lost = lost;
        this.limits = limits;
    }

    /**
     * Begins; the first step is taken before this returns. Completes on the owner's thread when all
     * is given, or nothing can be stored.
     */
    CompletableFuture<Void> give(RecentHistory history, Binding to) {
        Iterator<Message> left = history.messages().iterator();
        return context.steps().work(budget -> {
            while (!budget.isSpent() && goesOn(left, to)) {
                Message message = left.next();
                context.turn().move(null, () -> send(message, to));
                budget.spend(message.body().remaining());
                if (context.turn().isFull()) {
                    context.turn().flush();
                }
            }
            return !goesOn(left, to);
        }).exceptionally(cause -> {
            LOG.error("EXC-001 the history of exchange {} was not given to its new binding to {}",
                    to.source(), to.destination(), cause);
            return null;
        });
    }

    /** Refused messages wait in memory: a turn that is refused takes nothing more. */
    private boolean goesOn(Iterator<Message> left, Binding to) {
        return left.hasNext() && topology.has(to) && !context.turn().isRefusing();
    }

    private void send(Message message, Binding to) {
        if (to.toQueue()) {
            topology.queue(to.destination()).ifPresent(queue -> give(message, queue));
        } else {
            topology.exchange(to.destination()).ifPresent(exchange -> route(message, exchange));
        }
    }

    /** Within the limits of every message that the broker moves itself. */
    private void route(Message message, Exchange exchange) {
        if (!Routing.follow(walk, exchange, message, limits)) {
            lost.lost(exchange.name(), 1, Routing.TOO_COSTLY);
            return;
        }
        List<Destination> queues = walk.queues();
        if (walk.isBlocked() || !FanOutLimit.allows(message, queues.size())) {
            walk.withdraw();
            lost.lost(exchange.name(), 1, walk.isBlocked() ? Routing.REFUSES : Routing.TOO_WIDE);
            return;
        }
        walk.remember(message);
        boolean stored = true;
        for (Destination each : queues) {
            stored &= give(message, (AnyQueue) each);
        }
        if (!stored) {
            walk.withdraw();
        }
    }

    private boolean give(Message message, AnyQueue queue) {
        boolean stored = Routing.storeMoved(queue, message);
        if (!stored) {
            lost.lost(queue.name(), 1, Routing.REFUSES);
        }
        return stored;
    }
}
