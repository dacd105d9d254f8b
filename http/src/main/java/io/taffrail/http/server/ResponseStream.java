package io.taffrail.http.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.taffrail.http.route.HttpAnswer;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * The body of one answer on its way to the client. Up to {@value #CHUNK_BYTES} bytes are sent with
 * their length; more are sent in chunks of that size, and the next chunk is begun when the socket
 * has taken the one before. Used by one virtual thread.
 */
final class ResponseStream extends OutputStream {

    static final int CHUNK_BYTES = 64 << 10;
    private static final int FIRST_BYTES = 1024;

    private final Channel channel;
    private final HttpAnswer answer;
    private final ResponseTerms terms;
    private byte[] buffer = new byte[FIRST_BYTES];
    private int filled;
    private boolean begun;
    private long bytes;

    /** How an answer is to be sent, as the request asked. */
    record ResponseTerms(boolean keepAlive, boolean headOnly, boolean chunks, int timeoutMs) {}

    ResponseStream(Channel channel, HttpAnswer answer, ResponseTerms terms) {
        this.channel = channel;
        this.answer = answer;
        this.terms = terms;
    }

    /** Whether the client has got the beginning of the answer. */
    boolean isBegun() {
        return begun;
    }

    /** Whether the connection serves another request after this answer. */
    boolean keepsAlive() {
        return terms.keepAlive() && (!begun || terms.chunks());
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[]{(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        bytes += length;
        if (terms.headOnly()) {
            return;
        }
        int at = offset;
        int left = length;
        while (left > 0) {
            int part = Math.min(left, CHUNK_BYTES - filled);
            if (filled + part > buffer.length) {
                buffer = Arrays.copyOf(buffer,
                        Math.min(CHUNK_BYTES, Math.max(buffer.length * 2, filled + part)));
            }
            System.arraycopy(from, at, buffer, filled, part);
            filled += part;
            at += part;
            left -= part;
            if (filled == CHUNK_BYTES) {
                sendChunk();
            }
        }
    }

    private void sendChunk() throws IOException {
        if (!begun) {
            begun = true;
            DefaultHttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status());
            headers(head.headers());
            if (terms.chunks()) {
                head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
            }
            var _ = channel.write(head);
        }
        ByteBuf chunk = Unpooled.wrappedBuffer(buffer, 0, filled);
        buffer = new byte[CHUNK_BYTES];
        filled = 0;
        await(channel.writeAndFlush(new DefaultHttpContent(chunk)));
    }

    /** Sends what is left, which ends the answer. */
    @Override
    public void close() throws IOException {
        if (begun) {
            if (filled > 0) {
                sendChunk();
            }
            await(channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT));
            return;
        }
        begun = true;
        DefaultFullHttpResponse whole = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status(),
                Unpooled.wrappedBuffer(buffer, 0, filled));
        headers(whole.headers());
        if (answer.status() != HttpResponseStatus.NO_CONTENT.code()
                && answer.status() != HttpResponseStatus.NOT_MODIFIED.code()) {
            whole.headers().set(HttpHeaderNames.CONTENT_LENGTH, bytes);
        }
        await(channel.writeAndFlush(whole));
    }

    private HttpResponseStatus status() {
        return HttpResponseStatus.valueOf(answer.status());
    }

    private void headers(HttpHeaders headers) {
        answer.type().ifPresent(type -> headers.set(HttpHeaderNames.CONTENT_TYPE, type));
        ResponseHeaders.set(headers, answer.headers(), keepsAlive());
    }

    /** Waits until the socket has taken it; a client that does not read is disconnected. */
    private void await(ChannelFuture written) throws IOException {
        try {
            if (!written.await(terms.timeoutMs(), TimeUnit.MILLISECONDS)) {
                var _ = channel.close();
                throw new IOException("the client did not read for " + terms.timeoutMs() + " ms");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            var _ = channel.close();
            throw new IOException("interrupted while the client did not read", e);
        }
        if (!written.isSuccess()) {
            throw new IOException("the answer could not be sent", written.cause());
        }
    }
}
