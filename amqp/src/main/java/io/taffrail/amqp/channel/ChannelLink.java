package io.taffrail.amqp.channel;

import io.taffrail.amqp.codec.AmqpException;
import io.taffrail.amqp.codec.Method;
import io.taffrail.amqp.codec.ReplyCode;
import io.taffrail.log.guard.FailStop;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** The way from the parts of one channel to its client. */
final class ChannelLink {

    /** Ends the channel with an error, and the method that caused it, or 0 and 0. */
    interface Closer {
        void close(AmqpException error, int classId, int methodId);
    }

    private final int number;
    private final Link connection;
    private final Closer closeChannel;
    private boolean open = true;

    /**
     * @param closeChannel
     *            ends the channel with an error, and the request that caused it
     */
    ChannelLink(int number, Link connection, Closer closeChannel) {
        this.number = number;
        this.connection = connection;
        this.closeChannel = closeChannel;
    }

    int number() {
        return number;
    }

    Link connection() {
        return connection;
    }

    /** Whether the channel is neither closing nor closed. */
    boolean isOpen() {
        return open;
    }

    void close() {
        open = false;
    }

    /** Sends a method, unless the channel is closed. */
    void send(Method method) {
        if (open) {
            connection.output().method(number, method);
        }
    }

    /** Answers a request when its result is there, or with the error it ended in. */
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
     * As {@link #answer}, and what the client sends next is looked at then: it may build on this.
     */
    <T> void answerFirst(Method request, CompletableFuture<T> result, boolean noWait,
            Function<T, Method> reply) {
        CompletableFuture<T> answered = answer(request, result, noWait, reply);
        if (!answered.isDone()) {
            connection.readAfter(answered);
        }
    }

    /** Ends the channel with an error that no request caused. */
    void fail(AmqpException error) {
        if (open) {
            closeChannel.close(error, 0, 0);
        }
    }

    /** Ends the channel: its client has held a delivery for longer than it may. */
    void timedOut(long limitMs) {
        fail(new AmqpException(ReplyCode.PRECONDITION_FAILED,
                "delivery acknowledgement on channel " + number
                        + " timed out. Timeout value used: " + limitMs
                        + " ms. This timeout value can be configured, see consumers doc guide to"
                        + " learn more"));
        connection.output().flush();
    }

    /**
     * Runs what the domain calls back with. An error ends the connection, and does not reach the
     * queue that has called: its other consumers go on.
     */
    void guarded(Runnable callback) {
        try {
            callback.run();
        } catch (Throwable e) {
            broken(e);
        }
    }

    /** Ends the connection after an error of the broker's own. */
    void broken(Throwable cause) {
        FailStop.check(cause);
        connection.failed(cause);
    }

    /**
     * Ends the channel or the connection, as the error wants it.
     *
     * @param request
     *            the request that caused it, if one did that could be read
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
