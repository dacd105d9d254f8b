package io.taffrail.broker.queue;

import io.taffrail.broker.deadletter.DeathReason;
import io.taffrail.broker.traffic.MessageCounts;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Counters of a virtual host: of its queues together, also of those that are deleted, and of its
 * publishers. Owner thread only; a {@link #copy} may be passed to another thread.
 */
public final class HostTraffic {

    /** The fate of a message that its queue gave up. */
    public enum Fate {
        /** Dropped: the queue has no dead-letter exchange. */
        DROPPED,
        /** Sent to the dead-letter exchange. */
        AT_MOST_ONCE,
        /** Kept until every target of the dead-letter exchange has it. */
        AT_LEAST_ONCE
    }

    /** A kind of loss. */
    private record GivenUp(QueueType type, DeathReason reason, Fate fate) {}

    private final MessageCounts published = new MessageCounts();
    private final Map<QueueType, MessageCounts> queues = new EnumMap<>(QueueType.class);
    private final Map<GivenUp, Long> givenUp = new HashMap<>();
    private long routed;
    private long queuesDeclared;
    private long queuesCreated;
    private long queuesDeleted;

    public HostTraffic() {
        for (QueueType type : QueueType.values()) {
            queues.put(type, new MessageCounts());
        }
    }

    /** Messages of publishers, each counted once however many queues store it. */
    public MessageCounts published() {
        return published;
    }

    /** Messages of all queues of a type together. */
    public MessageCounts of(QueueType type) {
        return Objects.requireNonNull(queues.get(type));
    }

    /** Publishers and queues together, without the copies that queues stored. */
    public MessageCounts total() {
        MessageCounts total = published.copy();
        queues.values().forEach(total::add);
        return total;
    }

    /** Counts copies of messages that were routed to queues. */
    public void routed(int copies) {
        routed += copies;
    }

    /** Copies of messages that were routed to queues. */
    public long routed() {
        return routed;
    }

    /** Counts a message that a queue gave up. */
    void gaveUp(QueueType type, DeathReason reason, Fate fate) {
        givenUp.merge(new GivenUp(type, reason, fate), 1L, Long::sum);
    }

    /** Messages that queues of a type gave up. */
    public long givenUp(QueueType type, DeathReason reason, Fate fate) {
        return givenUp.getOrDefault(new GivenUp(type, reason, fate), 0L);
    }

    /** Counts a declaration, which may have created the queue. */
    public void declared(boolean created) {
        queuesDeclared++;
        queuesCreated += created ? 1 : 0;
    }

    /** Counts a deletion. */
    public void deleted() {
        queuesDeleted++;
    }

    /** Declarations of queues, also of those that existed. */
    public long queuesDeclared() {
        return queuesDeclared;
    }

    /** Queues created. */
    public long queuesCreated() {
        return queuesCreated;
    }

    /** Queues deleted. */
    public long queuesDeleted() {
        return queuesDeleted;
    }

    /** Adds all numbers of another host. */
    public void add(HostTraffic other) {
        published.add(other.published);
        for (QueueType type : QueueType.values()) {
            of(type).add(other.of(type));
        }
        other.givenUp.forEach((kind, number) -> givenUp.merge(kind, number, Long::sum));
        routed += other.routed;
        queuesDeclared += other.queuesDeclared;
        queuesCreated += other.queuesCreated;
        queuesDeleted += other.queuesDeleted;
    }

    /** The numbers at this moment. */
    public HostTraffic copy() {
        HostTraffic copy = new HostTraffic();
        copy.add(this);
        return copy;
    }
}
