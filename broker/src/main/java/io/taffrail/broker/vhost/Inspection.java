package io.taffrail.broker.vhost;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.queue.AnyQueue;
import io.taffrail.broker.queue.QueueDepth;
import io.taffrail.broker.queue.QueueType;
import io.taffrail.broker.why.MessageStanding;
import io.taffrail.broker.why.MessageState;
import io.taffrail.broker.why.QueueStanding;
import io.taffrail.log.spi.ReadableLog;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Snapshots of a virtual host's queues for an operator. Nothing counts as a use of a queue, and
 * nothing is read from the disk. Owner thread only. A queue that does not exist is refused with
 * {@link BrokerError#QUEUE_NOT_FOUND}.
 */
public final class Inspection {

    /**
     * A queue with ready messages.
     *
     * @param head
     *            offset at or below that of the message delivered next, if it is known
     */
    public record Backlog(String queue, QueueDepth depth, int consumers, OptionalLong head,
            Optional<ReadableLog> log) {}

    private final Topology topology;

    Inspection(Topology topology) {
        this.topology = topology;
    }

    /** A queue with its consumers. */
    public QueueStanding queue(String name) {
        return existing(name).inspected().standing();
    }

    /** The states of messages of a queue. */
    public List<MessageState> states(String queue, long[] offsets) {
        return existing(queue).inspected().states(offsets);
    }

    /** A message of a queue; empty if there is none at the offset. */
    public Optional<MessageStanding> message(String queue, long offset) {
        return existing(queue).inspected().message(offset);
    }

    /**
     * The log of a queue's messages, which any thread may read. Its first offset may be that of a
     * settled message.
     */
    public ReadableLog log(String queue) {
        return existing(queue).readable()
                .orElseThrow(() -> new BrokerException(BrokerError.QUEUE_QUARANTINED,
                        "queue '" + queue + "' cannot be read"));
    }

    /** Number of messages ever stored in the queues and streams that exist. */
    public long stored() {
        return topology.queues().stream().map(AnyQueue::readable).flatMap(Optional::stream)
                .mapToLong(ReadableLog::durableEnd).sum();
    }

    /** The queues with the most ready messages, the longest first; streams have none. */
    public List<Backlog> backlogs(int most) {
        return topology.queues().stream()
                .filter(it -> it.settings().type() != QueueType.STREAM && it.depth().ready() > 0)
                .sorted(Comparator.comparingLong((AnyQueue it) -> -it.depth().ready())).limit(most)
                .map(it -> new Backlog(it.name(), it.depth(), it.consumerCount(),
                        it.inspected().standing().head(), it.readable()))
                .toList();
    }

    private AnyQueue existing(String name) {
        return topology.queue(name)
                .orElseThrow(() -> new BrokerException(BrokerError.QUEUE_NOT_FOUND,
                        "no queue '" + name + "'"));
    }
}
