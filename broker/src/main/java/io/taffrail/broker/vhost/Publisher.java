package io.taffrail.broker.vhost;

import io.taffrail.broker.BrokerException;
import io.taffrail.broker.message.Message;

/** Where a channel's messages go in. Owner thread only. */
public interface Publisher {

    /**
     * Routes a message and hands it to its queues. What arrives in one turn of the owner's loop is
     * stored together at the end of the turn, all or nothing over a crash.
     *
     * @param tag
     *            larger than the last one
     * @throws BrokerException
     *             if there is no such exchange, it is internal, or a property is not possible
     *             ({@code expiration}, {@code CC}); nothing was taken
     */
    PublishOutcome publish(long tag, Message message);

    /** Forgets the listener; what was taken is stored nevertheless. */
    void close();
}
