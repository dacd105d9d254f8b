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

/** A connection as its channels see it. */
public interface Link {

    FrameOutput output();

    VirtualHost host();

    Session session();

    /** Who is at the other end. */
    String user();

    /** What the user may do now; not to be kept. */
    Access access();

    /** A message was published; what comes behind it may have to wait. */
    void published();

    /** Nothing more is read from the client until this is done, which it is not yet. */
    void readAfter(CompletableFuture<?> done);

    /** Whether the client wants to hear when the broker ends a subscription. */
    boolean notifiesOfCancel();

    Limits limits();

    /** What the connection holds. */
    HeldMemory memory();

    /** Bounds bodies that have begun to come, over all channels. */
    Quota unfinished();

    /** Bounds transactions that are not committed, over all channels. */
    Quota transactions();

    DirectReplies replies();

    /** Runs {@code wake} once, when the client has taken enough of what it was sent. */
    void awaitWritable(Runnable wake);

    /**
     * Ends the connection with an error; {@code failing} is the request that caused it, if one did
     * that could be read.
     */
    void fail(AmqpException error, Optional<Method> failing);

    /**
     * Ends the connection after an error of the broker's own, which is not what the caller was
     * asked to do: the caller goes on.
     */
    void failed(Throwable cause);

    /** A channel is gone, and its number free. */
    void closed(int channelNumber);

    /**
     * Bounds of a channel.
     *
     * @param maxMessageBytes
     *            largest body
     * @param maxUnsettled
     *            most deliveries to consumers that are not settled
     */
    record Limits(int maxMessageBytes, int maxUnsettled) {}
}
