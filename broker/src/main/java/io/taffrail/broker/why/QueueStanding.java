package io.taffrail.broker.why;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A queue as it stands now.
 *
 * @param ready
 *            number of messages that wait for a consumer
 * @param held
 *            number of messages that were delivered and not settled
 * @param waitingLetters
 *            number of messages that wait until a target can take their dead letters
 * @param head
 *            offset of the message that is delivered next, where that is known without reading
 * @param requeueing
 *            whether a requeue of many messages is under way, during which nothing is delivered
 * @param consumers
 *            the consumers, at most {@value #MOST_CONSUMERS}, the highest priority first
 * @param consumerCount
 *            number of all consumers
 * @param traits
 *            settings that matter for the order of deliveries
 * @param quarantine
 *            the cause, if the queue is out of use
 */
public record QueueStanding(String name, long ready, long held, long waitingLetters,
        OptionalLong head, boolean requeueing, List<ConsumerStanding> consumers,
        int consumerCount, Traits traits, Optional<String> quarantine) {

    /** Largest number of consumers that a snapshot lists. */
    public static final int MOST_CONSUMERS = 100;

    /**
     * Settings of a queue.
     *
     * @param stream
     *            whether every consumer reads all messages and leaves them there
     * @param maxPriority
     *            0 for a queue without priorities
     */
    public record Traits(boolean stream, boolean singleActive, int maxPriority) {}

    /** Number of deliveries that no listed consumer holds. */
    public long heldByOthers() {
        return Math.max(0, held - consumers.stream().mapToLong(ConsumerStanding::held).sum());
    }
}
