package io.taffrail.broker.vhost;

import io.taffrail.broker.deadletter.LostLetters;
import io.taffrail.broker.exchange.Destination;
import io.taffrail.broker.exchange.Exchange;
import io.taffrail.broker.exchange.Walk;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.queue.AnyQueue;
import io.taffrail.broker.queue.DelayedMessages;
import io.taffrail.broker.queue.HostTraffic;
import io.taffrail.broker.schedule.Steps;
import io.taffrail.broker.traffic.MessageEvent;
import io.taffrail.broker.turn.Turn;
import io.taffrail.broker.vhost.MovedWalks.Source;
import io.taffrail.broker.vhost.MovedWalks.Way;
import io.taffrail.log.guard.FailStop;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The routing of messages from their exchange to queues. Owner thread only. */
final class Routing {

    private static final int KIB_BITS = 10;

    /** Text for a letter that its target refused. */
    static final String REFUSES = "it is full or offline, or the message is too large for it or"
            + " lacks a key";

    /** Text for a letter that is too large for the number of its targets. */
    static final String TOO_WIDE = "copies of the message for all its queues need more memory than"
            + " one message may take";

    /** Text for a letter with too many keys for the bindings of its exchange. */
    static final String TOO_COSTLY = "its routing keys and the bindings of the exchange need more"
            + " work than one message may";

    /** The outcome of a delivery to queues. */
    enum Result {
        STORED, NOWHERE, REJECTED
    }

    private final Topology topology;
    private final Delays delays;
    private final HostRefusals refusals;
    private final LostLetters lost;
    private final PublishLimits limits;
    private final MovedWalks moved;
    private final HostTraffic traffic;
    /** The default exchange, once it was used, and the exchange of the last message. */
    private @Nullable Exchange unnamed;
    private @Nullable Exchange source;
    private boolean delayed;
    private boolean unfinished;
    private Walk walk = new Walk();
    private long cost;
    private boolean closed;

    Routing(Topology topology, Delays delays, HostRefusals refusals, LostLetters lost,
            PublishLimits limits, MovedWalks moved, HostTraffic traffic) {
        this.traffic = traffic;
        this.moved = moved;
        this.lost = lost;
        this.limits = limits;
        this.topology = topology;
        this.delays = delays;
        delays.sink(this::due);
        this.refusals = refusals;
    }

    /**
     * Finds the queues of a message. The returned message is to be passed to {@link #deliver},
     * unless {@link #isUnfinished}.
     *
     * @param atOnce
     *            whether the message has to be routed and stored in this turn, whatever the cost
     * @throws io.taffrail.broker.BrokerException
     *             if the message may not be published
     */
    Message route(Message message, boolean atOnce) {
        delayed = false;
        unfinished = false;
        if (message.exchange().isEmpty() && !message.properties().has(Property.HEADERS)) {
            checkExpiration(message);
            source = unnamed();
            walk.begin(message.properties());
            topology.queue(message.routingKey()).ifPresent(walk::found);
            return message;
        }
        Exchange exchange = exchangeOf(message);
        source = exchange;
        List<String> keys = PublishRules.moreKeys(message.properties());
        delayed = isDelayed(exchange, message);
        if (delayed) {
            return message;
        }
        walk.begin(message.properties());
        unfinished = !walk.from(exchange, message.routingKey(), keys,
                atOnce ? Long.MAX_VALUE : limits.routingCost());
        if (unfinished) {
            return message;
        }
        unfinished = !atOnce && isWide(walk, message);
        check(walk, message, unfinished);
        return unfinished ? message : PublishRules.withoutBcc(message);
    }

    private Exchange unnamed() {
        Exchange known = unnamed;
        if (known == null) {
            known = topology.exchange("").orElseThrow();
            unnamed = known;
        }
        return known;
    }

    /** Counts a message of a publisher, and its copies in queues. */
    private void passed(int copies) {
        traffic.published().count(MessageEvent.PUBLISHED);
        traffic.routed(copies);
        if (source != null) {
            source.passed(1, copies);
        }
    }

    /** Counts messages that were published to an exchange, and copies of them in queues. */
    void passed(String exchange, long messages, int copies) {
        traffic.published().count(MessageEvent.PUBLISHED, messages);
        traffic.routed(copies);
        topology.exchange(exchange).ifPresent(it -> it.passed(messages, copies));
    }

    /** Counters of the virtual host. */
    HostTraffic traffic() {
        return traffic;
    }

    /** Chooses one queue, if it exists, as that of the message which is to be delivered. */
    void toQueue(String queue, Message message) {
        delayed = false;
        unfinished = false;
        source = null;
        walk.begin(message.properties());
        topology.queue(queue).ifPresent(walk::found);
    }

    private static void checkExpiration(Message message) {
        if (message.properties().has(Property.EXPIRATION)) {
            PublishRules.checkExpiration(message.properties());
        }
    }

    /** The exchange of a message, which is checked as far as it can be before it is routed. */
    Exchange exchangeOf(Message message) {
        checkExpiration(message);
        Exchange exchange = topology.exchange(message.exchange())
                .orElseThrow(() -> refusals.noExchange(message.exchange()));
        if (exchange.declaration().internal()) {
            throw HostRefusals.accessRefused("cannot publish to internal "
                    + refusals.exchange(message.exchange()));
        }
        return exchange;
    }

    /** Whether the exchange delays the message. */
    static boolean isDelayed(Exchange exchange, Message message) {
        return exchange.declaration().isDelayed()
                && DelayedMessages.delayMs(message.properties()) > 0;
    }

    /** Delays a message; false if that is not possible now. */
    boolean delay(Message message) {
        return delays.add(message);
    }

    /** Refuses a message that a gate cannot judge. */
    void checkGates(Walk routed, Message message) {
        if (routed.isBlocked()) {
            routed.withdraw();
            throw refusals.marksFailed(message.exchange());
        }
    }

    /** As {@link #checkGates}, and refuses a message that is too large for one turn. */
    private void check(Walk routed, Message message, boolean inTurns) {
        checkGates(routed, message);
        int targets = routed.queues().size();
        if (!inTurns && !FanOutLimit.allows(message, targets)) {
            routed.withdraw();
            throw HostRefusals.tooWide(message.body().remaining(), targets);
        }
    }

    /**
     * Whether the message is stored in several turns: not if a mark has to be stored with all of
     * its copies.
     */
    private boolean isWide(Walk routed, Message message) {
        return !routed.hasMark() && !limits.allowOneTurn(message, routed.queues().size());
    }

    /** Whether the message last routed needs more tasks; then {@link #suspend} is to be called. */
    boolean isUnfinished() {
        return unfinished;
    }

    /** Takes the unfinished message out of this object, which may then route others. */
    LongPublish suspend(Message message, Turn turn, Steps steps) {
        byte[] body = new byte[message.body().remaining()];
        message.body().get(message.body().position(), body);
        Message copy = new Message(message.exchange(), message.routingKey(),
                message.properties().copy(), ByteBuffer.wrap(body));
        Walk suspended = walk;
        suspended.suspend(copy.properties());
        cost += suspended.cost();
        walk = new Walk();
        passed(0);
        return new LongPublish(this, copy, suspended, turn, steps);
    }

    /** Cost of routing that one message may have in one task. */
    int costAtOnce() {
        return limits.routingCost();
    }

    /** Number of messages of a transaction that queues may look at one by one. */
    int copiesOneByOne() {
        return limits.copiesOneByOne();
    }

    /** Number of copies in each part of a message whose walk is over; 0 if there is one part. */
    int copiesInPart(Walk routed, Message message) {
        boolean wide = isWide(routed, message);
        check(routed, message, wide);
        return wide ? limits.copiesInPart(message) : 0;
    }

    /** Ends publishes that are under way; on the owner's thread. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    /**
     * Routes a message that has no source in which it could wait; false if that costs more than
     * such a message may, and then gates are as if they had not been asked.
     */
    static boolean follow(Walk walk, Exchange exchange, Message message, PublishLimits limits) {
        walk.begin(message.properties());
        boolean over = walk.from(exchange, message.routingKey(),
                PublishRules.storedKeys(message.properties()), limits.unstoredCost());
        if (!over) {
            walk.withdraw();
        }
        return over;
    }

    /**
     * Publishes a delayed message that is due; false if it has to wait longer.
     *
     * @param number
     *            identifies the message
     * @param placed
     *            names of the queues that have the message from an attempt before; those that get
     *            it now are added if others have yet to get it
     */
    private boolean due(Message message, long number, Set<String> placed) {
        Optional<Exchange> exchange = topology.exchange(message.exchange());
        if (exchange.isEmpty()) {
            return true;
        }
        Optional<Way> way = moved.find(exchange.get(), message, new Source(delays, number),
                () -> delays.retry(number));
        if (way.isEmpty()) {
            return false;
        }
        Walk routed = way.get().walk();
        List<AnyQueue> queues = way.get().queues().stream()
                .filter(it -> !placed.contains(it.name())).toList();
        if (routed.isBlocked() || queues.stream().anyMatch(AnyQueue::mustWait)) {
            routed.withdraw();
            return false;
        }
        Message shown = PublishRules.withoutBcc(message);
        if (moved.isInParts(way.get(), message, queues.size())) {
            routed.withdraw();
            List<AnyQueue> part = queues.subList(0, moved.copiesInPart(message));
            if (!storeMoved(part, shown, placed).isEmpty()) {
                part.forEach(it -> placed.add(it.name()));
                moved.afterPart(() -> delays.retry(number));
            }
            return false;
        }
        Optional<Boolean> stored = storeMoved(queues, shown, placed);
        if (stored.isEmpty()) {
            routed.withdraw();
            return false;
        }
        routed.remember(shown);
        if (!stored.get()) {
            routed.withdraw();
        }
        return true;
    }

    /**
     * Stores a delayed message in queues; false if some refuse it. Empty if a queue has just
     * failed:
     * those before it have the message and are added to {@code placed}, those behind it do not.
     */
    private Optional<Boolean> storeMoved(List<AnyQueue> queues, Message message,
            Set<String> placed) {
        boolean stored = true;
        for (int index = 0; index < queues.size(); index++) {
            AnyQueue queue = queues.get(index);
            if (!storeMoved(queue, message)) {
                if (queue.mustWait()) {
                    queues.subList(0, index).forEach(it -> placed.add(it.name()));
                    return Optional.empty();
                }
                stored = false;
                lost.lost(queue.name(), 1, REFUSES);
            }
        }
        return Optional.of(stored);
    }

    /** Adds the message to the queues last found. */
    Result deliver(Message message) {
        if (delayed) {
            passed(0);
            return delays.add(message) ? Result.STORED : Result.REJECTED;
        }
        walk.remember(message);
        List<Destination> queues = walk.queues();
        cost += queues.size() * (1 + ((long) message.body().remaining() >> KIB_BITS));
        passed(queues.size());
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
     * Adds the message to some of the queues that a suspended walk found; false if one of them
     * refuses it or was opened again. A queue that is deleted is left out.
     */
    boolean storePart(Walk routed, Message message, int from, int to) {
        boolean stored = true;
        for (Destination each : routed.queues().subList(from, to)) {
            AnyQueue queue = (AnyQueue) each;
            stored &= storeIn(queue, () -> queue.storeWithOthers(message));
        }
        return stored;
    }

    /** Adds the message to all queues that a suspended walk found, if its gates admit it. */
    void storeAll(Walk routed, Message message) {
        if (routed.isAdmitted()) {
            routed.remember(message);
            if (!storePart(routed, message, 0, routed.queues().size())) {
                routed.withdraw();
            }
        }
    }

    /**
     * Stores in a queue that was found in an earlier task; false if it refuses or was opened again,
     * true if it is deleted.
     */
    boolean storeIn(AnyQueue queue, BooleanSupplier store) {
        Optional<AnyQueue> now = topology.queue(queue.name());
        return now.isEmpty() || (now.get().equals(queue) && guarded(queue, store));
    }

    /** Whether a queue that was found in an earlier task still exists. */
    boolean isThere(AnyQueue queue) {
        return topology.queue(queue.name()).filter(queue::equals).isPresent();
    }

    /**
     * Cost of all messages published so far: one for each binding examined, each queue reached, and
     * each KiB added to a queue.
     */
    long cost() {
        return walk.cost() + cost;
    }

    /**
     * Adds a message to a queue; an exception of the queue counts as a refusal and affects no other
     * queue.
     */
    static boolean store(AnyQueue queue, Message message) {
        return guarded(queue, () -> queue.store(message));
    }

    /** As {@link #store}, for dead letters and delayed messages. */
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
