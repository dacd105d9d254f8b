package io.taffrail.broker.vhost;

import io.taffrail.broker.exchange.Destination;
import io.taffrail.broker.exchange.Exchange;
import io.taffrail.broker.exchange.Walk;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.queue.Queue;
import java.util.List;
import java.util.Optional;

/** Takes a message from its exchange to its queues. Owner thread only. */
final class Routing {

    /** What became of a message. */
    enum Result {
        STORED, NOWHERE, REJECTED
    }

    private final Topology topology;
    private final Refusals refusals;
    private final Walk walk = new Walk();

    Routing(Topology topology, Refusals refusals) {
        this.topology = topology;
        this.refusals = refusals;
    }

    /**
     * Finds the message's queues, for {@link #deliver}.
     *
     * @throws io.taffrail.broker.BrokerException
     *             if it may not be published
     */
    void route(Message message) {
        if (message.exchange().isEmpty()) {
            walk.begin(message.properties());
            topology.queue(message.routingKey()).ifPresent(walk::found);
            return;
        }
        Optional<Exchange> exchange = topology.exchange(message.exchange());
        if (exchange.isEmpty()) {
            throw refusals.noExchange(message.exchange());
        }
        if (exchange.get().declaration().internal()) {
            throw Refusals.accessRefused("cannot publish to internal "
                    + refusals.exchange(message.exchange()));
        }
        walk.begin(message.properties());
        walk.from(exchange.get(), message.routingKey());
    }

    /** Hands the message to the queues last found. */
    Result deliver(Message message) {
        List<Destination> queues = walk.queues();
        for (int index = 0; index < queues.size(); index++) {
            ((Queue) queues.get(index)).store(message);
        }
        return queues.isEmpty() ? Result.NOWHERE : Result.STORED;
    }
}
