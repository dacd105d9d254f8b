package io.taffrail.http.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import io.taffrail.http.route.EventSink;
import io.taffrail.http.route.EventStream.EventSource;
import io.taffrail.http.route.ServerEvent;
import io.taffrail.http.server.ResponseStream.ResponseTerms;
import io.taffrail.log.guard.FailStop;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream of server-sent events to one client:
 *
 * <pre>
 * head sent ──source opened──► OPEN ──end() or HEAD request──► last chunk, connection closed
 *                               └──client left, or does not read──► connection closed
 * </pre>
 *
 * A comment is sent every {@value #COMMENT_SECONDS} seconds, so that proxies keep an idle stream
 * open and a client that vanished is noticed. Methods may be called by any thread; Netty orders the
 * writes of one thread.
 */
final class EventOutput implements EventSink {

    private static final Logger LOG = LoggerFactory.getLogger(EventOutput.class);
    private static final int COMMENT_SECONDS = 20;

    private final Channel channel;
    private final HttpServices services;
    private final ResponseTerms terms;
    private final Consumer<Boolean> done;
    private final AtomicBoolean ended = new AtomicBoolean();

    EventOutput(Channel channel, HttpServices services, ResponseTerms terms,
            Consumer<Boolean> done) {
        this.channel = channel;
        this.services = services;
        this.terms = terms;
        this.done = done;
    }

    /** Sends the head of the answer and opens the source. */
    void open(EventSource source) {
        DefaultHttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1,
                HttpResponseStatus.OK);
        head.headers().set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream");
        // Asks nginx not to collect events.
        ResponseHeaders.set(head.headers(), Map.of("x-accel-buffering", "no"), false);
        if (terms.chunks() && !terms.headOnly()) {
            head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        var _ = channel.writeAndFlush(head);
        if (terms.headOnly()) {
            end();
            return;
        }
        Future<?> comments = channel.eventLoop().scheduleWithFixedDelay(this::comment,
                COMMENT_SECONDS, COMMENT_SECONDS, TimeUnit.SECONDS);
        try {
            Runnable close = source.open(this);
            // Nothing is expected; without a read, the end of the connection might go unnoticed.
            channel.read();
            channel.closeFuture().addListener(_ -> {
                ended.set(true);
                comments.cancel(false);
                close.run();
            });
        } catch (Throwable e) {
            FailStop.check(e);
            comments.cancel(false);
            if (services.lines().count("stream") > 0) {
                LOG.error("HTT-005 an event stream could not be opened", e);
            }
            var _ = channel.close();
        }
    }

    private void comment() {
        write(": \n\n");
    }

    @Override
    public boolean send(ServerEvent event) {
        return write(event.text());
    }

    private boolean write(String text) {
        if (ended.get()) {
            return false;
        }
        if (!channel.isWritable()) {
            LOG.debug("the client of an event stream does not read");
            ended.set(true);
            var _ = channel.close();
            return false;
        }
        ByteBuf bytes = ByteBufUtil.writeUtf8(channel.alloc(), text);
        var _ = channel.writeAndFlush(new DefaultHttpContent(bytes));
        return true;
    }

    @Override
    public void end() {
        if (ended.compareAndSet(false, true)) {
            channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
                    .addListener(_ -> done.accept(false));
        }
    }
}
