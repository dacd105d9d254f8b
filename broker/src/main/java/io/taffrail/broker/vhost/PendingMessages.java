package io.taffrail.broker.vhost;

import io.taffrail.broker.queue.DelayedMessages.Pending;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The messages of a virtual host that wait for their time. On the owner's thread. */
public interface PendingMessages {

    /** How many wait. */
    long count();

    /**
     * Some of those that wait, in the order they came.
     *
     * @param from
     *            the first number to be looked at, 0 for all
     * @param most
     *            how many at most
     */
    List<Pending> list(long from, int most);

    /**
     * Drops the message of this number; completes when that is durable, with false if no such
     * message waits.
     */
    CompletableFuture<Boolean> cancel(long number);
}
