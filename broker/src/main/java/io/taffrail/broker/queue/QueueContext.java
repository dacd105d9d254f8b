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

/** The services of a virtual host that its queues use. */
public interface QueueContext {

    Owner owner();

    /** The turn that stores the changes of all queues together. */
    Turn turn();

    /** The outbox for logs of other owners; empty where there is only one owner. */
    Optional<OutboxWriter> outbox();

    InstantSource clock();

    Timers timers();

    /** Bounds what queues keep for reading. */
    ReadRoom reading();

    /** Counters of the virtual host. */
    HostTraffic traffic();

    /** The scheduler for work in steps. */
    Steps steps();

    /**
     * Publishes a message that the queue gives up to its dead-letter exchange, in this turn. False
     * if the message has to stay: its target cannot take it now, its queues are being searched in
     * steps or get it in several turns, or, with at-least-once dead-lettering, a target has no
     * room,
     * the answer of another owner is outstanding, or no target exists.
     *
     * @param message
     *            valid during the call only
     * @param letter
     *            records the targets that have the message, and is updated with those that take it
     *            now
     * @param mayPart
     *            whether it may be placed with only some of its targets
     * @param answered
     *            run on the owner's thread when another owner has answered, or the letter is
     *            {@linkplain Letter#ready ready} for the next attempt
     */
    boolean deadLetter(Queue queue, StoredMessage message, Letter letter, boolean mayPart,
            Runnable answered);

    /** Registers a holder of the queue's messages that is not one of its consumers. */
    void holding(Queue queue, Holding holding);

    /** Tells that the queue has expired: it was unused for the time of {@code x-expires}. */
    void expired(Queue queue);

    /**
     * Quarantines a queue whose state is in doubt.
     *
     * @param own
     *            whether the queue failed itself; otherwise another part of one of its atomic steps
     *            did, and the queue is reopened at once
     */
    void failed(AnyQueue queue, Throwable cause, boolean own);

    /** Tells that a queue was opened anew and is about to be started. */
    void reopened(AnyQueue queue);

    /** Tells that the queue's last consumer has left. */
    void unused(Queue queue);
}
