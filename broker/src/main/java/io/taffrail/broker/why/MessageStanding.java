package io.taffrail.broker.why;

import java.util.Optional;

/**
 * A message as it stands now.
 *
 * @param requeues
 *            number of earlier deliveries, in queues that count them
 * @param ahead
 *            upper bound of the number of ready messages that are delivered before it
 * @param holder
 *            the consumer that holds it, if it is one of the queue
 */
public record MessageStanding(long offset, MessageState state, int requeues, long ahead,
        Optional<ConsumerStanding> holder) {}
