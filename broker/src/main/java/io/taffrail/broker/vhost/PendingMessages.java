package io.taffrail.broker.vhost;

import io.taffrail.broker.queue.DelayedMessages.Pending;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The delayed messages of a virtual host, for operators. Called on the owner's thread. */
public interface PendingMessages {

    /** The number of messages that wait. */
    long count();

    /**
     * Lists messages that wait, by number.
     *
     * @param from
     *            the lowest number to list; 0 for all
     * @param most
     *            the largest number of messages returned
     */
    List<Pending> list(long from, int most);

    /**
     * Drops the message of this number; completes when that is durable, with false if no such
     * message waits.
     */
    CompletableFuture<Boolean> cancel(long number);
}
