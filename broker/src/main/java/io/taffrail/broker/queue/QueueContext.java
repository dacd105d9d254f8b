package io.taffrail.broker.queue;

import io.taffrail.broker.deadletter.Letter;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.outbox.OutboxWriter;
import io.taffrail.broker.schedule.Steps;
import io.taffrail.broker.schedule.Timers;
import io.taffrail.broker.turn.Turn;
import io.taffrail.log.spi.Owner;
import java.time.InstantSource;
import java.util.Optional;

/** What queues need of their virtual host. */
public interface QueueContext {

    Owner owner();

    /** What is stored together. */
    Turn turn();

    /** The way to logs of other owners; empty where there is one owner. */
    Optional<OutboxWriter> outbox();

    InstantSource clock();

    Timers timers();

    /** Work that is done in steps. */
    Steps steps();

    /**
     * Sends a message that the queue gives up to its dead-letter exchange, in this turn. False
     * where it has to stay: what is to have it cannot take it now, or, where the queue wants every
     * letter placed, a target has no room, another owner has yet to answer, or there is no target.
     *
     * @param message
     *            valid during the call only
     * @param letter
     *            says which targets have it, and is told of those that take it now
     * @param mayPart
     *            whether it may be placed with some of its targets while others cannot take it
     * @param answered
     *            run on the owner's thread when another owner has answered
     */
    boolean deadLetter(Queue queue, StoredMessage message, Letter letter, boolean mayPart,
            Runnable answered);

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
