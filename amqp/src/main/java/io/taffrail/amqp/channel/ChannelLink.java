package io.taffrail.amqp.channel;

import io.taffrail.amqp.codec.AmqpException;
import io.taffrail.amqp.codec.Method;
import io.taffrail.amqp.codec.ReplyCode;
import io.taffrail.log.guard.FailStop;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Connects the parts of one channel to its client: replies, errors and closing.
 * On the connection's loop only.
 */
final class ChannelLink {

    /** Closes the channel with an error, and the class and method id of the cause, or 0 and 0. */
    interface Closer {
        void close(AmqpException error, int classId, int methodId);
    }

    private final int number;
    private final Link connection;
    private final Closer closeChannel;
    private final ChannelCounts counts = new ChannelCounts();
    private boolean open = true;

    /**
     * @param closeChannel
     *            closes the channel with an error
     */
    ChannelLink(int number, Link connection, Closer closeChannel) {
        this.number = number;
        this.connection = connection;
        this.closeChannel = closeChannel;
    }

    int number() {
        return number;
    }

    ChannelCounts counts() {
        return counts;
    }

    Link connection() {
        return connection;
    }

    /** True until the channel begins to close. */
    boolean isOpen() {
        return open;
    }

    void close() {
        open = false;
    }

    /** Sends a method if the channel is open. */
    void send(Method method) {
        if (open) {
            connection.output().method(number, method);
        }
    }

    /**
     * Answers a request when {@code result} completes: with {@code reply}, unless {@code noWait},
     * or by closing the channel or connection with its error. Nothing is sent if the channel
     * is no longer open.
     */
    <T> CompletableFuture<T> answer(Method request, CompletableFuture<T> result,
            boolean noWait, Function<T, Method> reply) {
        return result.whenComplete((value, failure) -> guarded(() -> {
            if (!open) {
                return;
            }
            if (failure != null) {
                fail(failure, Optional.of(request));
            } else if (!noWait) {
                send(reply.apply(value));
            }
        }));
    }

    /**
     * As {@link #answer}, but frames after the request are not processed until it is answered,
     * because they may depend on it.
     */
    <T> void answerFirst(Method request, CompletableFuture<T> result, boolean noWait,
            Function<T, Method> reply) {
        CompletableFuture<T> answered = answer(request, result, noWait, reply);
        if (!answered.isDone()) {
            connection.readAfter(answered);
        }
    }

    /** Closes the channel with an error that no request caused. */
    void fail(AmqpException error) {
        if (open) {
            closeChannel.close(error, 0, 0);
        }
    }

    /**
     * Closes the channel because a delivery was not acknowledged within {@code limitMs}
     * milliseconds (RabbitMQ's consumer time-out).
     */
    void timedOut(long limitMs) {
        fail(new AmqpException(ReplyCode.PRECONDITION_FAILED,
                "delivery acknowledgement on channel " + number
                        + " timed out. Timeout value used: " + limitMs
                        + " ms. This timeout value can be configured, see consumers doc guide to"
                        + " learn more"));
        connection.output().flush();
    }

    /**
     * Runs a callback of the broker. An exception ends this connection and does not reach the
     * caller, usually a queue, whose other consumers must not be affected.
     */
    void guarded(Runnable callback) {
        try {
            callback.run();
        } catch (Throwable e) {
            broken(e);
        }
    }

    /** Ends the connection after an internal error. */
    void broken(Throwable cause) {
        FailStop.check(cause);
        connection.failed(cause);
    }

    /**
     * Closes the channel or the connection, depending on the error. Does nothing if the channel
     * is no longer open.
     *
     * @param request
     *            request that caused the error, if there was one that could be parsed
     */
    void fail(Throwable failure, Optional<Method> request) {
        if (!open) {
            return;
        }
        AmqpException error = Errors.of(failure);
        if (error.closes() == ReplyCode.Closes.CHANNEL) {
            closeChannel.close(error, request.map(Method::classId).orElse(0),
                    request.map(Method::methodId).orElse(0));
        } else {
            connection.fail(error, request);
        }
    }
}
