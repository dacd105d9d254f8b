package io.taffrail.broker.queue;

import io.taffrail.broker.deadletter.DeathReason;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.schedule.Timers;
import io.taffrail.broker.turn.Turn;
import io.taffrail.log.spi.Owner;
import java.time.InstantSource;

/** What queues need of their virtual host. */
public interface QueueContext {

    Owner owner();

    /** What is stored together. */
    Turn turn();

    InstantSource clock();

    Timers timers();

    /**
     * Sends a message that the queue gives up to its dead-letter exchange, in this turn. False
     * where the queue wants it kept until it is taken: no queue was found, or one has no room.
     *
     * @param message
     *            valid during the call only
     */
    boolean deadLetter(Queue queue, StoredMessage message, DeathReason reason);

    /** Somebody holds messages of the queue from now on who is not one of its consumers. */
    void holding(Queue queue, Holding holding);

    /** Nobody used the queue for too long. */
    void expired(Queue queue);

    /**
     * Something of the queue failed and its state is in doubt: it is quarantined.
     *
     * @param own
     *            whether it failed itself; otherwise something did that a step of this queue was
     *            part of, and the queue is opened anew at once
     */
    void failed(AnyQueue queue, Throwable cause, boolean own);

    /** The queue's last consumer has left. */
    void unused(Queue queue);
}
