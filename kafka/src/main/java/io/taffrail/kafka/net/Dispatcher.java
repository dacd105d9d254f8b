package io.taffrail.kafka.net;

import io.netty.buffer.ByteBuf;
import io.taffrail.kafka.HandlerTable;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.PipelinedHandler;
import io.taffrail.kafka.api.Reply;
import io.taffrail.kafka.api.Request;
import io.taffrail.log.text.Printable;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings each request to its handler and what comes of it back to the connection. */
final class Dispatcher {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    private final HandlerTable handlers;

    Dispatcher(HandlerTable handlers) {
        this.handlers = handlers;
    }

    /** Whether the frame's request may be handled while earlier ones of its kind are under way. */
    boolean pipelined(ByteBuf frame) {
        return handlers.pipelined(RequestDecoder.apiKey(frame));
    }

    /** Starts handling a request; on the connection's event loop. */
    void start(Connection connection, Decoded request) {
        PipelinedHandler<?> pipelined = handlers.findPipelined(request.header().apiKey());
        if (pipelined != null) {
            startPipelined(connection, pipelined, request);
            return;
        }
        Handler<?> handler = handlers.find(request.header().apiKey());
        if (handler == null) {
            connection.release(request.frame(), request.frame().readableBytes());
            connection.close(request.header().apiKey().name + " is not answered here");
            return;
        }
        startExclusive(connection, handler, request);
    }

    private void startPipelined(Connection connection, PipelinedHandler<?> handler,
            Decoded request) {
        Slot slot = connection.open(request, true);
        ByteBuf frame = request.frame();
        connection.handOver(slot);
        Runnable taken = () -> connection.taken(frame, slot);
        CompletionStage<Reply> stage;
        try {
            stage = handle(handler, connection, request, taken);
        } catch (RuntimeException e) {
            LOG.error("{} failed", Printable.brief(request.header()), e);
            taken.run();
            connection.reply(slot, new Reply.Close("its request failed"));
            return;
        }
        var _ = stage.whenComplete((reply, failure) -> {
            if (failure != null) {
                LOG.error("{} failed", Printable.brief(request.header()), failure);
                connection.reply(slot, new Reply.Close("its request failed"));
            } else {
                connection.reply(slot, reply);
            }
        });
    }

    private void startExclusive(Connection connection, Handler<?> handler, Decoded request) {
        noteSoftware(connection, request);
        Slot slot = connection.open(request, false);
        CompletionStage<? extends ApiMessage> stage;
        try {
            stage = handle(handler, connection, request);
        } catch (RuntimeException e) {
            finish(connection, slot, request, null, e);
            return;
        }
        var _ = stage.whenComplete(
                (body, failure) -> finish(connection, slot, request, body, failure));
    }

    private static void finish(Connection connection, Slot slot, Decoded request,
            @Nullable ApiMessage body, @Nullable Throwable failure) {
        Reply reply;
        if (body != null) {
            reply = new Reply.Body(body);
        } else if (expected(failure) instanceof ApiException refusal) {
            reply = errorResponse(request, refusal);
        } else {
            LOG.error("{} failed", Printable.brief(request.header()), failure);
            reply = errorResponse(request, new UnknownServerException("the request failed"));
        }
        connection.release(request.frame(), slot.frameBytes);
        connection.reply(slot, reply);
    }

    private static @Nullable Throwable expected(@Nullable Throwable failure) {
        return failure instanceof CompletionException wrapped ? wrapped.getCause() : failure;
    }

    /** The answer Kafka gives to this request as a whole. */
    private static Reply errorResponse(Decoded request, ApiException error) {
        try {
            ByteBuffer buffer = request.frame().nioBuffer();
            RequestHeader header = RequestHeader.parse(buffer);
            AbstractRequest parsed = AbstractRequest.parseRequest(header.apiKey(),
                    header.apiVersion(), new ByteBufferAccessor(buffer)).request;
            return new Reply.Body(parsed.getErrorResponse(0, error).data());
        } catch (RuntimeException e) {
            LOG.debug("no error response for {}", Printable.brief(request.header()), e);
            return new Reply.Close("its request failed");
        }
    }

    private static void noteSoftware(Connection connection, Decoded request) {
        if (request.body() instanceof ApiVersionsRequestData versions
                && request.header().apiVersion() >= 3
                && request.header().isApiVersionSupported()
                && new ApiVersionsRequest(versions, request.header().apiVersion()).isValid()) {
            connection.client().software(versions.clientSoftwareName(),
                    versions.clientSoftwareVersion());
        }
    }

    /** The table pairs each key with a handler of its message. */
    @SuppressWarnings("unchecked")
    private static CompletionStage<? extends ApiMessage> handle(Handler<?> handler,
            Connection connection, Decoded request) {
        return ((Handler<ApiMessage>) handler).handle(
                new Request<>(connection.client().context(request.header()), request.body()));
    }

    @SuppressWarnings("unchecked")
    private static CompletionStage<Reply> handle(PipelinedHandler<?> handler,
            Connection connection, Decoded request, Runnable taken) {
        return ((PipelinedHandler<ApiMessage>) handler).handle(
                new Request<>(connection.client().context(request.header()), request.body()),
                taken);
    }
}
