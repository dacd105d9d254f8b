package io.taffrail.broker.vhost;

import io.taffrail.broker.BrokerException;
import io.taffrail.broker.message.Message;

/** The entry for messages of one channel. Owner thread only. */
public interface Publisher {

    /**
     * Routes a message and adds it to its queues. Messages that arrive in one turn of the owner's
     * loop are stored together at the end of the turn, all or nothing over a crash.
     *
     * @param tag
     *            larger than the last one
     * @throws BrokerException
     *             if there is no such exchange, it is internal, or a property is invalid
     *             ({@code expiration}, {@code CC}); the message was not taken
     */
    PublishOutcome publish(long tag, Message message);

    /** Drops the listener; messages already taken are stored nevertheless. */
    void close();
}
