package io.taffrail.broker.group;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The groups of log readers. Futures complete on any thread, and fail with
 * {@link io.taffrail.broker.BrokerException} if a request is refused. Safe for any thread.
 */
public interface ReaderGroups {

    /** A group in a list. */
    record Summary(String group, String type, String state) {}

    /**
     * A member of a group.
     *
     * @param partitions
     *            assigned partitions, as {@code topic-index}
     */
    record Member(String id, String clientId, String host, List<String> partitions) {}

    /** A stored offset: the next one that the group reads. */
    record Position(String topic, int partition, long offset) {}

    /** A group with its members and offsets. */
    record Description(Summary summary, List<Member> members, List<Position> positions) {}

    /** All groups. */
    CompletableFuture<List<Summary>> list();

    /**
     * A group; fails with {@link io.taffrail.broker.BrokerError#OBJECT_NOT_FOUND} if there is
     * none.
     */
    CompletableFuture<Description> describe(String group);

    /** The stored offsets of a group; empty for an unknown one. */
    CompletableFuture<List<Position>> positions(String group);

    /**
     * Stores offsets; completes when they are durable. Fails with
     * {@link io.taffrail.broker.BrokerError#PRECONDITION_FAILED} if the group has members.
     */
    CompletableFuture<Void> store(String group, List<Position> positions);

    /**
     * Deletes a group; fails with {@link io.taffrail.broker.BrokerError#PRECONDITION_FAILED} if it
     * has members.
     */
    CompletableFuture<Void> delete(String group);
}
