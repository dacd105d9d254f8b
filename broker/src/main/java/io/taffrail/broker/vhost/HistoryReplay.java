package io.taffrail.broker.vhost;

import io.taffrail.broker.deadletter.LostLetters;
import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.Destination;
import io.taffrail.broker.exchange.History;
import io.taffrail.broker.exchange.Walk;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.queue.AnyQueue;
import io.taffrail.broker.queue.QueueContext;
import io.taffrail.log.guard.Guard;
import java.util.List;
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
    private static final int STEP_MESSAGES = 1024;
    private static final long STEP_BYTES = 1 << 20;

    private final Topology topology;
    private final QueueContext context;
    private final LostLetters lost;
    private final Walk walk = new Walk();

    HistoryReplay(Topology topology, QueueContext context, LostLetters lost) {
        this.topology = topology;
        this.context = context;
        this.lost = lost;
    }

    /** Begins a replay; the first step runs during the call. */
    void give(History history, Binding to) {
        step(history.messages(), 0, to);
    }

    private void step(List<Message> messages, int from, Binding to) {
        int at = from;
        long bytes = 0;
        while (at < messages.size() && at - from < STEP_MESSAGES && bytes < STEP_BYTES
                && topology.has(to)) {
            Message message = messages.get(at);
            bytes += message.body().remaining();
            context.turn().move(null, () -> send(message, to));
            at++;
        }
        int next = at;
        if (next < messages.size() && topology.has(to)) {
            context.owner().execute(() -> Guard.run(() -> step(messages, next, to),
                    cause -> LOG.error("EXC-001 the history of exchange {} was not given to its"
                            + " new binding to {}", to.source(), to.destination(), cause)));
        }
    }

    private void send(Message message, Binding to) {
        walk.begin(message.properties());
        if (to.toQueue()) {
            topology.queue(to.destination()).ifPresent(walk::found);
        } else {
            topology.exchange(to.destination()).ifPresent(exchange -> walk.from(exchange,
                    message.routingKey(), PublishRules.storedKeys(message.properties())));
            walk.remember(message);
        }
        for (Destination each : walk.queues()) {
            AnyQueue queue = (AnyQueue) each;
            if (!Routing.storeMoved(queue, message)) {
                lost.lost(queue.name(), 1, Routing.REFUSES);
            }
        }
    }
}
