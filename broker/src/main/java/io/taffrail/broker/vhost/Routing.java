package io.taffrail.broker.vhost;

import io.taffrail.broker.deadletter.LostLetters;
import io.taffrail.broker.exchange.Destination;
import io.taffrail.broker.exchange.Exchange;
import io.taffrail.broker.exchange.Walk;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.queue.AnyQueue;
import io.taffrail.broker.queue.DelayedMessages;
import io.taffrail.log.guard.FailStop;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Takes a message from its exchange to its queues. Owner thread only. */
final class Routing {

    private static final int KIB_BITS = 10;

    /** Why a queue does not take what the broker sends on to it. */
    static final String REFUSES = "it is full or offline, or the message is too large for it or"
            + " lacks a key";

    /** What became of a message. */
    enum Result {
        STORED, NOWHERE, REJECTED
    }

    private final Topology topology;
    private final Delays delays;
    private final Refusals refusals;
    private final LostLetters lost;
    private boolean delayed;
    private final Walk walk = new Walk();
    private long cost;

    Routing(Topology topology, Delays delays, Refusals refusals, LostLetters lost) {
        this.lost = lost;
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
        if (walk.isBlocked()) {
            walk.withdraw();
            throw refusals.marksFailed(message.exchange());
        }
        return PublishRules.withoutBcc(message);
    }

    static void follow(Walk walk, Exchange exchange, Message message,
            List<String> moreKeys) {
        walk.begin(message.properties());
        walk.from(exchange, message.routingKey(), moreKeys);
    }

    /** Routes a message whose time has come; false if it has to wait on. */
    private boolean due(Message message) {
        Optional<Exchange> exchange = topology.exchange(message.exchange());
        if (exchange.isEmpty()) {
            return true;
        }
        follow(walk, exchange.get(), message, PublishRules.storedKeys(message.properties()));
        List<Destination> queues = walk.queues();
        if (walk.isBlocked() || queues.stream().anyMatch(it -> ((AnyQueue) it).mustWait())) {
            walk.withdraw();
            return false;
        }
        Message shown = PublishRules.withoutBcc(message);
        walk.remember(shown);
        boolean stored = true;
        for (int index = 0; index < queues.size(); index++) {
            AnyQueue queue = (AnyQueue) queues.get(index);
            if (!storeMoved(queue, shown)) {
                if (index == 0 && queue.mustWait()) {
                    walk.withdraw();
                    return false; // It has just failed, and no other queue has the message yet.
                }
                stored = false;
                lost.lost(queue.name(), 1, REFUSES);
            }
        }
        if (!stored) {
            walk.withdraw();
        }
        return true;
    }

    /** Hands the message to the queues last found. */
    Result deliver(Message message) {
        if (delayed) {
            return delays.add(message) ? Result.STORED : Result.REJECTED;
        }
        walk.remember(message);
        List<Destination> queues = walk.queues();
        cost += queues.size() * (1 + ((long) message.body().remaining() >> KIB_BITS));
        boolean stored = true;
        for (int index = 0; index < queues.size(); index++) {
            AnyQueue queue = (AnyQueue) queues.get(index);
            stored &= queues.size() == 1
                    ? store(queue, message)
                    : guarded(queue, () -> queue.storeWithOthers(message));
        }
        if (queues.isEmpty()) {
            return Result.NOWHERE;
        }
        if (!stored) {
            walk.withdraw();
        }
        return stored ? Result.STORED : Result.REJECTED;
    }

    /**
     * What all messages published up to now have cost: one for each binding looked at, each queue
     * reached, and each KiB that a queue was given.
     */
    long cost() {
        return walk.cost() + cost;
    }

    /** A queue that throws takes no message from those behind it. */
    static boolean store(AnyQueue queue, Message message) {
        return guarded(queue, () -> queue.store(message));
    }

    /** As {@link #store}, for what the broker sends on. */
    static boolean storeMoved(AnyQueue queue, Message message) {
        return guarded(queue, () -> queue.storeMoved(message));
    }

    private static boolean guarded(AnyQueue queue, BooleanSupplier store) {
        try {
            return store.getAsBoolean();
        } catch (Throwable cause) {
            FailStop.check(cause);
            queue.failed(cause);
            return false;
        }
    }
}
