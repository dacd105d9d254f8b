package io.taffrail.broker.vhost;

import io.taffrail.broker.deadletter.DeathReason;
import io.taffrail.broker.deadletter.Deaths;
import io.taffrail.broker.exchange.Destination;
import io.taffrail.broker.exchange.Exchange;
import io.taffrail.broker.exchange.Walk;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.AnyQueue;
import io.taffrail.broker.queue.DelayedMessages;
import io.taffrail.broker.queue.Queue;
import io.taffrail.broker.queue.QueueSettings.DeadLetters;
import io.taffrail.log.guard.FailStop;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes a message from its exchange to its queues. Owner thread only. */
final class Routing {

    private static final Logger LOG = LoggerFactory.getLogger(Routing.class);

    /** What became of a message. */
    enum Result {
        STORED, NOWHERE, REJECTED
    }

    private final Topology topology;
    private final Delays delays;
    private final Refusals refusals;
    private boolean delayed;
    private final Walk walk = new Walk();
    private final Walk deadWalk = new Walk();

    Routing(Topology topology, Delays delays, Refusals refusals) {
        this.topology = topology;
        this.delays = delays;
        delays.sink(this::due);
        this.refusals = refusals;
    }

    /**
     * Finds the message's queues, for {@link #deliver}, which takes what this returns.
     *
     * @throws io.taffrail.broker.BrokerException
     *             if it may not be published
     */
    Message route(Message message) {
        if (message.properties().has(Property.EXPIRATION)) {
            PublishRules.checkExpiration(message.properties());
        }
        delayed = false;
        if (message.exchange().isEmpty() && !message.properties().has(Property.HEADERS)) {
            walk.begin(message.properties());
            topology.queue(message.routingKey()).ifPresent(walk::found);
            return message;
        }
        Exchange exchange = topology.exchange(message.exchange())
                .orElseThrow(() -> refusals.noExchange(message.exchange()));
        if (exchange.declaration().internal()) {
            throw Refusals.accessRefused("cannot publish to internal "
                    + refusals.exchange(message.exchange()));
        }
        List<String> keys = PublishRules.moreKeys(message.properties());
        delayed = exchange.declaration().isDelayed()
                && DelayedMessages.delayMs(message.properties()) > 0;
        if (delayed) {
            return message;
        }
        follow(walk, exchange, message, keys);
        return PublishRules.withoutBcc(message);
    }

    private static void follow(Walk walk, Exchange exchange, Message message,
            List<String> moreKeys) {
        walk.begin(message.properties());
        walk.from(exchange, message.routingKey(), moreKeys);
    }

    /** Routes a message whose time has come. */
    private void due(Message message) {
        Optional<Exchange> exchange = topology.exchange(message.exchange());
        if (exchange.isPresent()) {
            follow(walk, exchange.get(), message, PublishRules.storedKeys(message.properties()));
            delayed = false;
            Result result = deliver(PublishRules.withoutBcc(message));
            LOG.trace("a delayed message of {} is {}", message.exchange(), result);
        }
    }

    /** Hands the message to the queues last found. */
    Result deliver(Message message) {
        if (delayed) {
            return delays.add(message) ? Result.STORED : Result.REJECTED;
        }
        List<Destination> queues = walk.queues();
        boolean stored = true;
        for (int index = 0; index < queues.size(); index++) {
            stored &= store((AnyQueue) queues.get(index), message);
        }
        if (queues.isEmpty()) {
            return Result.NOWHERE;
        }
        if (!stored) {
            walk.withdraw();
        }
        return stored ? Result.STORED : Result.REJECTED;
    }

    /** A queue that throws takes no message from those behind it. */
    private static boolean store(AnyQueue queue, Message message) {
        try {
            return queue.store(message);
        } catch (Throwable cause) {
            FailStop.check(cause);
            queue.failed(cause);
            return false;
        }
    }

    /**
     * Routes a message that a queue gave up; what goes round for ever, or nowhere, is dropped.
     * False if it is to stay: the queue wants every letter stored, and there is no place for it.
     */
    boolean deadLetter(Queue queue, StoredMessage dead, DeathReason reason, long nowMs) {
        DeadLetters target = queue.settings().deadLetters();
        Optional<Exchange> exchange = target.exchange().flatMap(topology::exchange);
        if (exchange.isEmpty()) {
            return !target.atLeastOnce();
        }
        Message message = Deaths.next(dead, queue.name(), reason, exchange.get().name(),
                target.key(), nowMs);
        follow(deadWalk, exchange.get(), message, PublishRules.storedKeys(message.properties()));
        List<Destination> found = List.copyOf(deadWalk.queues());
        if (target.atLeastOnce() && (found.isEmpty() || !haveRoom(found, message))) {
            return false;
        }
        for (Destination each : found) {
            AnyQueue next = (AnyQueue) each;
            if (reason == DeathReason.REJECTED || !Deaths.isCycle(message, next.name())) {
                boolean stored = store(next, message);
                if (!stored) {
                    LOG.debug("{} refused a dead letter of {}", next.name(), queue.name());
                }
            }
        }
        return true;
    }

    private static boolean haveRoom(List<Destination> queues, Message message) {
        return queues.stream().allMatch(it -> ((AnyQueue) it).hasRoomFor(message));
    }
}
