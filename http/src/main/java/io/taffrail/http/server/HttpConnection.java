package io.taffrail.http.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpProblem;
import io.taffrail.http.server.RequestAdmission.Admitted;
import io.taffrail.net.MemoryShare;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP connection, on its event loop. Requests are served one after another:
 *
 * <pre>
 * HEAD ──head──► CHECKING ──admitted or refused──► BODY ──last part──► WORKING ──answered──► HEAD
 * any but CLOSED ──refused before the body was read──► DRAINING ──client closed, or time──► CLOSED
 * </pre>
 *
 * Credentials are checked before the body is read. In CHECKING and WORKING nothing is read, so a
 * client that sends further requests waits in its socket. Each part of a body is charged to the
 * memory budget, and released when the request is answered.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(HttpConnection.class);

    /** Time for a client to take a refusal and to stop sending. */
    private static final long DRAIN_MS = 1000;

    private enum State {
        HEAD, CHECKING, BODY, WORKING, DRAINING, CLOSED
    }

    private final HttpServices services;
    private final MemoryShare memory;
    private State state = State.HEAD;
    private @Nullable HttpRequest request;
    private @Nullable Admitted admitted;
    private @Nullable Future<?> timeout;
    /** The part of a body that has arrived; outside the heap, as the memory budget is. */
    private ByteBuf body = Unpooled.EMPTY_BUFFER;
    private long chargedBytes;
    private boolean wanted;

    HttpConnection(HttpServices services) {
        this.services = services;
        this.memory = services.loops().memory().open();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        expect(context, State.HEAD);
    }

    /** Waits for a part of a request, for a limited time if it is the first of its kind. */
    private void expect(ChannelHandlerContext context, State next) {
        if (state != next || timeout == null) {
            state = next;
            stopWaiting();
            timeout = context.executor().schedule(() -> {
                LOG.debug("an HTTP connection is closed: no request came in time");
                var _ = context.close();
            }, services.config().timeoutMs(), TimeUnit.MILLISECONDS);
        }
        read(context);
    }

    /** Asks for one more part of a request. */
    private void read(ChannelHandlerContext context) {
        wanted = true;
        context.read();
    }

    /** Reads on if what has arrived is not yet a part of a request. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (wanted) {
            context.read();
        }
    }

    private void stopWaiting() {
        Future<?> waiting = timeout;
        if (waiting != null) {
            waiting.cancel(false);
            timeout = null;
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        wanted = false;
        try {
            switch (message) {
                case HttpRequest head when state == State.HEAD -> head(context, head);
                case HttpContent part when state == State.BODY -> part(context, part);
                default -> {
                    if (state == State.DRAINING) {
                        read(context);
                    }
                }
            }
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    private void head(ChannelHandlerContext context, HttpRequest head) {
        request = head;
        if (head.decoderResult().isFailure()) {
            refuseUnread(context, malformed(head.decoderResult().cause()));
            return;
        }
        long length = HttpUtil.getContentLength(head, 0L);
        if (length > services.config().maxBodyBytes()) {
            refuseUnread(context, tooLarge());
            return;
        }
        state = State.CHECKING;
        stopWaiting();
        RequestAdmission admission = new RequestAdmission(services, head,
                ((InetSocketAddress) context.channel().remoteAddress()).getAddress());
        var _ = admission.check(context.executor()).whenComplete((result, failure) -> context
                .executor().execute(() -> checked(context, result, failure)));
    }

    private void checked(ChannelHandlerContext context, @Nullable Admitted result,
            @Nullable Throwable failure) {
        HttpRequest head = request;
        if (state != State.CHECKING || head == null) {
            return;
        }
        if (result == null) {
            LOG.error("HTT-001 a request could not be checked", failure);
            refuseUnread(context, HttpAnswer.empty(500));
            return;
        }
        boolean hasBody = HttpUtil.isTransferEncodingChunked(head)
                || HttpUtil.getContentLength(head, 0L) > 0;
        if (hasBody && result.refusal().isPresent()) {
            refuseUnread(context, result.refusal().get());
            return;
        }
        admitted = result;
        if (HttpUtil.is100ContinueExpected(head)) {
            var _ = context.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1,
                    HttpResponseStatus.CONTINUE));
        }
        expect(context, State.BODY);
    }

    private void part(ChannelHandlerContext context, HttpContent part) {
        if (part.decoderResult().isFailure()) {
            refuseUnread(context, malformed(part.decoderResult().cause()));
            return;
        }
        ByteBuf content = part.content();
        int bytes = content.readableBytes();
        if (body.readableBytes() + bytes > services.config().maxBodyBytes()) {
            refuseUnread(context, tooLarge());
            return;
        }
        if (bytes > 0) {
            body = body.isReadable() ? body : context.alloc().directBuffer(bytes);
            body.writeBytes(content);
        }
        boolean last = part instanceof LastHttpContent;
        chargedBytes += bytes;
        if (bytes == 0 || memory.charge(bytes,
                () -> context.executor().execute(() -> charged(context, last)))) {
            charged(context, last);
        }
    }

    private void charged(ChannelHandlerContext context, boolean last) {
        if (state != State.BODY) {
            return;
        }
        if (last) {
            memory.requestWhole();
            work(context);
        } else {
            read(context);
        }
    }

    private void work(ChannelHandlerContext context) {
        HttpRequest head = request;
        Admitted go = admitted;
        if (head == null || go == null) {
            throw new IllegalStateException("no request was admitted");
        }
        state = State.WORKING;
        stopWaiting();
        ByteBuf whole = body;
        body = Unpooled.EMPTY_BUFFER;
        RequestWork serving = new RequestWork(services, context.channel(), head);
        try {
            services.work().execute(whole.readableBytes(), () -> serving.answer(go, taken(whole),
                    alive -> answeredLater(context, alive)));
        } catch (RejectedExecutionException e) {
            LOG.debug("the broker stops, so a request is not answered", e);
            whole.release();
            var _ = context.close();
        }
    }

    private void answeredLater(ChannelHandlerContext context, boolean alive) {
        try {
            context.executor().execute(() -> answered(context, alive));
        } catch (RejectedExecutionException e) {
            LOG.debug("the broker has stopped while a request was answered", e);
        }
    }

    private static byte[] taken(ByteBuf body) {
        try {
            return ByteBufUtil.getBytes(body);
        } finally {
            body.release();
        }
    }

    private void dropBody() {
        body.release();
        body = Unpooled.EMPTY_BUFFER;
    }

    private void answered(ChannelHandlerContext context, boolean alive) {
        memory.release(chargedBytes);
        chargedBytes = 0;
        request = null;
        admitted = null;
        if (state != State.WORKING) {
            return;
        }
        if (alive) {
            expect(context, State.HEAD);
        } else {
            state = State.CLOSED;
            var _ = context.close();
        }
    }

    /**
     * Refuses a request whose body was not read; the connection cannot be used further. What the
     * client sends is dropped for a while: if the socket were closed with bytes unread, the client
     * would get a reset instead of the answer.
     */
    private void refuseUnread(ChannelHandlerContext context, HttpAnswer refusal) {
        state = State.DRAINING;
        dropBody();
        stopWaiting();
        services.work().execute(() -> {
            var _ = RequestWork.send(context.channel(), refusal,
                    new ResponseStream.ResponseTerms(false, false, false,
                            services.config().timeoutMs()));
            if (context.channel() instanceof DuplexChannel socket) {
                var _ = socket.shutdownOutput();
            }
        });
        timeout = context.executor().schedule(() -> {
            var _ = context.close();
        }, DRAIN_MS, TimeUnit.MILLISECONDS);
        read(context);
    }

    private static HttpAnswer malformed(@Nullable Throwable cause) {
        return switch (cause) {
            case TooLongHttpLineException _ ->
                new HttpProblem(414, "bad_request", "the request line is too long").answer();
            case TooLongHttpHeaderException _ ->
                new HttpProblem(431, "bad_request", "the headers are too long").answer();
            case null, default ->
                HttpProblem.badRequest("the request is malformed").answer();
        };
    }

    private HttpAnswer tooLarge() {
        HttpRequest head = request;
        return new HttpProblem(413, "bad_request", "a body has at most "
                + services.config().maxBodyBytes() + " bytes")
                .answer(head == null ? "" : RequestAdmission.path(head));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        state = State.CLOSED;
        stopWaiting();
        dropBody();
        memory.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("an HTTP connection failed", cause);
        var _ = context.close();
    }
}
