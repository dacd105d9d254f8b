package io.taffrail.broker.vhost;

import io.taffrail.broker.BrokerException;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.traffic.MessageEvent;
import java.util.concurrent.CompletableFuture;

/** The entry for messages of one channel. Owner thread only. */
public interface Publisher {

    /**
     * A publish that takes several tasks of the owner.
     *
     * @param message
     *            a copy in buffers of its own
     * @param outcome
     *            completes on the owner's thread when the message was added to its queues, with
     *            {@link PublishOutcome#ROUTED} or {@link PublishOutcome#UNROUTED}, or exceptionally
     *            if it was not taken
     */
    record UnderWay(Message message, CompletableFuture<PublishOutcome> outcome) {}

    /**
     * Routes a message and adds it to its queues. Messages that arrive in one turn of the owner's
     * loop are stored together at the end of the turn, all or nothing over a crash. A message that
     * costs too much for one task is {@link PublishOutcome#UNDER_WAY} for some time; until then
     * this publisher takes no other message. If its copies are too large for one turn, they are
     * stored in several turns, and the message is confirmed with the last one.
     *
     * @param tag
     *            larger than the last one
     * @throws BrokerException
     *             if there is no such exchange, it is internal, or a property is invalid
     *             ({@code expiration}, {@code CC}); the message was not taken
     */
    PublishOutcome publish(long tag, Message message);

    /**
     * Adds a message to one queue in this turn, whatever the bindings are; false if the queue does
     * not exist or did not take it.
     *
     * @param tag
     *            larger than the last one
     */
    boolean publishTo(long tag, String queue, Message message);

    /** The publish that {@link #publish} has just left under way. */
    default UnderWay underWay() {
        throw new IllegalStateException("no publish is under way");
    }

    /** Counts an event of messages of this publisher, for the virtual host's counters. */
    void count(MessageEvent event, long number);

    /** Drops the listener; messages already taken are stored nevertheless. */
    void close();
}
