package io.taffrail.broker.vhost;

import io.taffrail.broker.DefinitionSpace;
import io.taffrail.broker.deadletter.LostLetters;
import io.taffrail.broker.limit.LimitKind;
import io.taffrail.broker.limit.LimitSource;
import io.taffrail.broker.limit.ObjectLimits;
import io.taffrail.broker.outbox.OutboxWriter;
import io.taffrail.broker.outbox.Outboxes;
import io.taffrail.broker.topic.TopicHosting;
import io.taffrail.broker.turn.Turn;
import io.taffrail.broker.user.Users;
import io.taffrail.log.spi.Owner;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Options of all virtual hosts.
 *
 * @param consumerTimeoutMs
 *            consumer time-out in milliseconds where the queue sets none; 0: none
 * @param topics
 *            the registry of topics, in which queues are shown as topics and whose topics are shown
 *            as streams; null if there are no topics
 * @param outboxes
 *            outboxes for logs of other owners, or null if there are none
 * @param definitions
 *            the space that the definitions of all hosts share
 * @param publishing
 *            limits on the work of one publish in one task
 * @param memory
 *            the memory that all hosts share
 * @param users
 *            the users whose permissions in a host are deleted with it, or null if there are none
 * @param limits
 *            the limits that operators set, or null if there are none
 */
public record HostOptions(long consumerTimeoutMs, @Nullable TopicHosting topics,
        @Nullable Outboxes outboxes, DefinitionSpace definitions, PublishLimits publishing,
        HostMemory memory, @Nullable Users users, @Nullable ObjectLimits limits) {

    /** Options without users. */
    public HostOptions(long consumerTimeoutMs, @Nullable TopicHosting topics,
            @Nullable Outboxes outboxes, DefinitionSpace definitions, PublishLimits publishing,
            HostMemory memory) {
        this(consumerTimeoutMs, topics, outboxes, definitions, publishing, memory, null, null);
    }

    /** These options with users. */
    public HostOptions with(Users all) {
        return new HostOptions(consumerTimeoutMs, topics, outboxes, definitions, publishing,
                memory, all, limits);
    }

    /** These options with limits that operators set. */
    public HostOptions with(ObjectLimits all) {
        return new HostOptions(consumerTimeoutMs, topics, outboxes, definitions, publishing,
                memory, users, all);
    }

    /** The limits that operators set. */
    LimitSource limitSource() {
        ObjectLimits all = limits;
        return all == null ? LimitSource.NONE : all;
    }

    /** Removes the limits of a host that was deleted. */
    CompletableFuture<Void> clearLimits(String host) {
        ObjectLimits all = limits;
        return all == null
                ? CompletableFuture.completedFuture(null)
                : all.clear(LimitKind.Subject.HOST, host);
    }

    /** Options with the usual limits on publishing. */
    public HostOptions(long consumerTimeoutMs, @Nullable TopicHosting topics,
            @Nullable Outboxes outboxes, DefinitionSpace definitions) {
        this(consumerTimeoutMs, topics, outboxes, definitions, PublishLimits.USUAL);
    }

    /** Options with shares of the heap. */
    public HostOptions(long consumerTimeoutMs, @Nullable TopicHosting topics,
            @Nullable Outboxes outboxes, DefinitionSpace definitions, PublishLimits publishing) {
        this(consumerTimeoutMs, topics, outboxes, definitions, publishing, HostMemory.ofHeap());
    }

    /** The counters of dropped letters. */
    LostLetters lost() {
        Outboxes all = outboxes;
        return all == null ? new LostLetters() : all.lost();
    }

    /** The outbox writer for an owner's turns, if there are outboxes. */
    Optional<OutboxWriter> outbox(Owner owner, Turn turn) {
        Outboxes all = outboxes;
        return all == null ? Optional.empty() : all.writer(owner, turn);
    }
}
