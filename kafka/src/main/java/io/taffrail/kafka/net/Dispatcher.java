package io.taffrail.kafka.net;

import io.netty.buffer.ByteBuf;
import io.taffrail.kafka.HandlerTable;
import io.taffrail.kafka.api.Aside;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.PipelinedHandler;
import io.taffrail.kafka.api.Reply;
import io.taffrail.kafka.api.Request;
import io.taffrail.log.guard.FailStop;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.text.Printable;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dispatcher that passes each request to its handler, and the handler's reply to the connection.
 */
final class Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /**
     * Largest request that is handled on an event loop, in bytes. A fetch has a higher limit, which
     * allows for a few hundred partitions.
     */
    static final int ON_LOOP_BYTES = 16 * 1024;

    /** Least cost, in bytes, of a small request that takes long to handle. */
    private static final long LONG_BYTES = 4 << 20;

    private final HandlerTable handlers;
    private final Aside aside;
    private final LongAnswers longAnswers = new LongAnswers();

    Dispatcher(HandlerTable handlers, Aside aside) {
        this.handlers = handlers;
        this.aside = aside;
    }

    /** Whether the frame's request may be handled while earlier ones of its kind are in flight. */
    boolean pipelined(ByteBuf frame) {
        return handlers.pipelined(RequestDecoder.apiKey(frame));
    }

    /** Starts handling a request. Runs on the connection's event loop. */
    void start(KafkaConnection connection, Decoded request) {
        PipelinedHandler<?> pipelined = handlers.findPipelined(request.header().apiKey());
        if (pipelined != null) {
            startPipelined(connection, pipelined, request);
            return;
        }
        Handler<?> handler = handlers.find(request.header().apiKey());
        if (handler == null) {
            connection.releaseUnopened(request.frame());
            connection.close(request.header().apiKey().name + " is not answered here");
            return;
        }
        startExclusive(connection, handler, request);
    }

    private void startPipelined(KafkaConnection connection, PipelinedHandler<?> handler,
            Decoded request) {
        Slot slot = connection.open(request, true);
        connection.handOver(slot);
        Course course = new Course(connection, request.frame(), slot);
        CompletionStage<Reply> stage;
        try {
            stage = handle(handler, connection, request, course);
        } catch (Throwable e) {
            FailStop.check(e);
            course.taken();
            failed(request, e);
            connection.reply(slot, new Reply.Close("its request failed"));
            return;
        }
        var _ = stage.whenComplete((reply, failure) -> Guard.run(() -> {
            if (failure != null) {
                FailStop.check(failure);
                failed(request, failure);
                connection.reply(slot, new Reply.Close("its request failed"));
            } else {
                connection.reply(slot, reply);
            }
        }, cause -> connection.here(() -> connection.failed(cause))));
    }

    private void startExclusive(KafkaConnection connection, Handler<?> handler, Decoded request) {
        noteSoftware(connection, request);
        Slot slot = connection.open(request, false);
        Request<ApiMessage> asked = new Request<>(connection.client().context(request.header()),
                request.body(), slot);
        int onLoopBytes = request.header().apiKey() == ApiKeys.FETCH
                ? Decoding.ON_LOOP_BYTES
                : ON_LOOP_BYTES;
        if (takesLong(handler, asked)) {
            longAnswers.begin(() -> {
                slot.longAnswerOf(longAnswers);
                startAside(connection, handler, asked, request, slot,
                        Math.max(LONG_BYTES, slot.weightBytes));
            });
        } else if (slot.frameBytes > onLoopBytes) {
            startAside(connection, handler, asked, request, slot, slot.weightBytes);
        } else {
            startExclusive(connection, handler, asked, request, slot);
        }
    }

    private void startAside(KafkaConnection connection, Handler<?> handler,
            Request<ApiMessage> asked,
            Decoded request, Slot slot, long costBytes) {
        try {
            aside.execute(connection.key(), costBytes,
                    () -> startExclusive(connection, handler, asked, request, slot));
        } catch (RejectedExecutionException e) {
            finish(connection, slot, request, null, e);
        }
    }

    private static void startExclusive(KafkaConnection connection, Handler<?> handler,
            Request<ApiMessage> asked, Decoded request, Slot slot) {
        if (slot.isGone()) {
            finish(connection, slot, request, null, new CancellationException());
            return;
        }
        CompletionStage<? extends ApiMessage> stage;
        try {
            stage = handle(handler, asked);
        } catch (Throwable e) {
            FailStop.check(e);
            finish(connection, slot, request, null, e);
            return;
        }
        var _ = stage.whenComplete((body, failure) -> Guard.run(
                () -> finish(connection, slot, request, body, failure),
                cause -> connection.here(() -> connection.failed(cause))));
    }

    private static void finish(KafkaConnection connection, Slot slot, Decoded request,
            @Nullable ApiMessage body, @Nullable Throwable failure) {
        Reply reply;
        if (body != null) {
            reply = new Reply.Body(body);
        } else if (expected(failure) instanceof ApiException refusal) {
            slot.failed = true;
            reply = errorResponse(request, refusal);
        } else if (slot.isGone() && expected(failure) instanceof CancellationException) {
            reply = new Reply.Close("its client has gone");
        } else {
            if (failure != null) {
                FailStop.check(failure);
            }
            slot.failed = true;
            failed(request, failure);
            reply = errorResponse(request, new UnknownServerException("the request failed"));
        }
        connection.release(request.frame(), slot.chargedBytes);
        connection.reply(slot, reply);
    }

    /** Logs the failure of one request. Its client gets an error, or its connection is closed. */
    private static void failed(Decoded request, @Nullable Throwable failure) {
        LOG.error("KAF-004 {} failed", Printable.brief(request.header()), failure);
    }

    private static @Nullable Throwable expected(@Nullable Throwable failure) {
        return failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
    }

    /** Error response to the whole request, as Kafka builds it. */
    private static Reply errorResponse(Decoded request, ApiException error) {
        try {
            ByteBuffer buffer = request.frame().nioBuffer();
            RequestHeader header = RequestHeader.parse(buffer);
            AbstractRequest parsed = AbstractRequest.parseRequest(header.apiKey(),
                    header.apiVersion(), new ByteBufferAccessor(buffer)).request;
            return new Reply.Body(parsed.getErrorResponse(0, error).data());
        } catch (Throwable e) {
            FailStop.check(e);
            LOG.debug("no error response for {}", Printable.brief(request.header()), e);
            return new Reply.Close("its request failed");
        }
    }

    private static void noteSoftware(KafkaConnection connection, Decoded request) {
        if (request.body() instanceof ApiVersionsRequestData versions
                && request.header().apiVersion() >= 3
                && request.header().isApiVersionSupported()
                && new ApiVersionsRequest(versions, request.header().apiVersion()).isValid()) {
            connection.client().software(versions.clientSoftwareName(),
                    versions.clientSoftwareVersion(), request.header().clientId());
        }
    }

    @SuppressWarnings("unchecked") // The table pairs each key with a handler of its message.
    private static boolean takesLong(Handler<?> handler, Request<ApiMessage> asked) {
        return ((Handler<ApiMessage>) handler).takesLong(asked);
    }

    /** Calls the handler; the table pairs each key with a handler of that key's message. */
    @SuppressWarnings("unchecked")
    private static CompletionStage<? extends ApiMessage> handle(Handler<?> handler,
            Request<ApiMessage> asked) {
        return ((Handler<ApiMessage>) handler).handle(asked);
    }

    @SuppressWarnings("unchecked")
    private static CompletionStage<Reply> handle(PipelinedHandler<?> handler,
            KafkaConnection connection, Decoded request, Course course) {
        return ((PipelinedHandler<ApiMessage>) handler).handle(
                new Request<>(connection.client().context(request.header()), request.body()),
                course);
    }
}
