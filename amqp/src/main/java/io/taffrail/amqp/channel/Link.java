package io.taffrail.amqp.channel;

import io.taffrail.amqp.codec.AmqpException;
import io.taffrail.amqp.codec.Method;
import io.taffrail.amqp.memory.HeldMemory;
import io.taffrail.amqp.memory.Quota;
import io.taffrail.amqp.output.FrameOutput;
import io.taffrail.broker.queue.Session;
import io.taffrail.broker.user.Access;
import io.taffrail.broker.vhost.VirtualHost;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The connection as seen by its channels. On the connection's loop only. */
public interface Link {

    FrameOutput output();

    VirtualHost host();

    Session session();

    /** Name of the authenticated user. */
    String user();

    /** Current permissions of the user. They can change; do not keep the object. */
    Access access();

    /** Called for every published message; a resource alarm may then block the connection. */
    void published();

    /**
     * Stops processing frames of this connection until {@code done} completes. {@code done} must
     * not be complete yet.
     */
    void readAfter(CompletableFuture<?> done);

    /** True if the client has the capability {@code consumer_cancel_notify}. */
    boolean notifiesOfCancel();

    Limits limits();

    /** Memory accounting of the connection. */
    HeldMemory memory();

    /** Limit for incomplete message bodies, over all channels. */
    Quota unfinished();

    /** Limit for uncommitted transactions, over all channels. */
    Quota transactions();

    DirectReplies replies();

    /**
     * Runs {@code wake} once, when the socket is writable again and the connection owes no memory.
     */
    void awaitWritable(Runnable wake);

    /**
     * Closes the connection with an error; {@code failing} is the request that caused it, if there
     * was one that could be parsed.
     */
    void fail(AmqpException error, Optional<Method> failing);

    /**
     * Ends the connection after an internal error that does not concern the caller's own task.
     * Returns normally, so that the caller can continue.
     */
    void failed(Throwable cause);

    /** A channel is closed and its number can be reused. */
    void closed(int channelNumber);

    /**
     * Limits of a channel.
     *
     * @param maxMessageBytes
     *            maximum size of a message body, in bytes
     * @param maxUnsettled
     *            maximum number of unsettled deliveries to consumers
     */
    record Limits(int maxMessageBytes, int maxUnsettled) {}
}
