package io.taffrail.kafka.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleStateEvent;
import io.taffrail.kafka.api.Reply;
import io.taffrail.log.text.Printable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection. Requests are handled in order and answered in order, one at a time as in
 * Kafka; only produce requests that follow each other may be under way together, up to
 * {@link #MAX_IN_FLIGHT} and {@link #MAX_IN_FLIGHT_BYTES}. What may not be handled yet waits, and
 * while something waits the socket is not read. On its event loop only, where not said otherwise.
 */
final class Connection extends ChannelInboundHandlerAdapter implements FrameReader.Sink {

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    static final int MAX_IN_FLIGHT = 64;
    static final int MAX_IN_FLIGHT_BYTES = 32 << 20;
    private static final int RETRY_MS = 10;

    private final Channel channel;
    private final Dispatcher dispatcher;
    private final Backpressure backpressure;
    private final FrameReader reader;
    private final ClientIdentity client;

    private final Queue<ByteBuf> waiting = new ArrayDeque<>();
    private final Queue<Slot> inFlight = new ArrayDeque<>();
    private int inFlightBytes;
    private boolean pumping;
    private boolean awaitingRoom;
    private boolean flushScheduled;
    private boolean closed;

    Connection(Channel channel, Dispatcher dispatcher, Backpressure backpressure,
            int maxFrameBytes) {
        this.channel = channel;
        this.dispatcher = dispatcher;
        this.backpressure = backpressure;
        this.reader = new FrameReader(channel.alloc(), maxFrameBytes, this);
        this.client = new ClientIdentity(channel);
    }

    FrameReader reader() {
        return reader;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (closed) {
            bytes.release();
            return;
        }
        reader.received(bytes);
        pump();
    }

    @Override
    public boolean reserve(int sizeBytes) {
        if (backpressure.reserve(sizeBytes)) {
            return true;
        }
        awaitRoom();
        return false;
    }

    @Override
    public void frame(ByteBuf frame) {
        waiting.add(frame);
    }

    @Override
    public void malformed(String reason) {
        close(reason);
    }

    /** Handles what waits, as far as order and bounds allow. */
    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            ByteBuf next = waiting.peek();
            while (!closed && next != null && mayStart(next)) {
                waiting.remove();
                start(next);
                next = waiting.peek();
            }
        } finally {
            pumping = false;
        }
        boolean read = !closed && waiting.isEmpty() && !awaitingRoom;
        if (channel.config().isAutoRead() != read) {
            channel.config().setAutoRead(read);
        }
    }

    private boolean mayStart(ByteBuf frame) {
        if (!channel.isWritable()) {
            return false;
        }
        if (inFlight.isEmpty()) {
            return !dispatcher.pipelined(frame) || storageOpen();
        }
        return dispatcher.pipelined(frame)
                && inFlight.element().pipelined
                && inFlight.size() < MAX_IN_FLIGHT
                && inFlightBytes + frame.readableBytes() <= MAX_IN_FLIGHT_BYTES
                && storageOpen();
    }

    private boolean storageOpen() {
        if (backpressure.storageOpen()) {
            return true;
        }
        awaitRoom();
        return false;
    }

    /** Looks again when another connection has given room, and soon in any case. */
    private void awaitRoom() {
        if (awaitingRoom) {
            return;
        }
        awaitingRoom = true;
        backpressure.await(() -> channel.eventLoop().execute(this::lookForRoom));
        var _ = channel.eventLoop().schedule(this::lookForRoom, RETRY_MS, TimeUnit.MILLISECONDS);
    }

    private void lookForRoom() {
        if (!awaitingRoom || closed) {
            return;
        }
        awaitingRoom = false;
        reader.retry();
        pump();
    }

    private void start(ByteBuf frame) {
        int size = frame.readableBytes();
        Decoded request;
        try {
            request = RequestDecoder.decode(frame);
        } catch (BadRequestException e) {
            release(frame, size);
            close(String.valueOf(e.getMessage()));
            return;
        }
        dispatcher.start(this, request);
    }

    /** Takes a place in the order of replies. */
    Slot open(Decoded request, boolean pipelined) {
        Slot slot = new Slot(request.header(), request.frame().readableBytes(), pipelined);
        inFlight.add(slot);
        inFlightBytes += slot.frameBytes;
        return slot;
    }

    /** Lets go of a frame that {@link #open} was called for; on any thread. */
    void release(ByteBuf frame, int sizeBytes) {
        frame.release();
        backpressure.release(sizeBytes);
    }

    /** A produce request begins its way to the logs; {@link #taken} ends it. */
    void handOver(Slot slot) {
        backpressure.handOver(slot.frameBytes);
    }

    /** Lets go of the frame of a produce request that the logs have; on any thread. */
    void taken(ByteBuf frame, Slot slot) {
        frame.release();
        backpressure.taken(slot.frameBytes);
    }

    /** Gives a request its reply; on any thread. */
    void reply(Slot slot, Reply reply) {
        if (channel.eventLoop().inEventLoop()) {
            replyHere(slot, reply);
        } else {
            channel.eventLoop().execute(() -> replyHere(slot, reply));
        }
    }

    private void replyHere(Slot slot, Reply reply) {
        if (closed) {
            discard(reply);
            return;
        }
        slot.reply = reply;
        drain();
        if (slot.pipelined) {
            backpressure.wake();
        }
        pump();
    }

    private void drain() {
        Slot head = inFlight.peek();
        while (!closed && head != null && head.reply != null) {
            inFlight.remove();
            inFlightBytes -= head.frameBytes;
            switch (head.reply) {
                case Reply.Body(ApiMessage message) -> send(head, message);
                case Reply.Nothing() -> {
                }
                case Reply.Close(String reason) -> close(reason);
            }
            head = inFlight.peek();
        }
    }

    private void send(Slot slot, ApiMessage body) {
        List<Object> parts;
        try {
            parts = ResponseWriter.encode(slot.header, body, channel.alloc());
        } catch (RuntimeException e) {
            LOG.error("a response to {} could not be written", Printable.brief(slot.header), e);
            close("a response could not be written");
            return;
        }
        for (Object part : parts) {
            if (part instanceof HeldBuffer held) {
                var _ = channel.write(held.buffer())
                        .addListener(written -> held.slice().close());
            } else {
                var _ = channel.write(part, channel.voidPromise());
            }
        }
        if (!flushScheduled) {
            flushScheduled = true;
            channel.eventLoop().execute(this::flush);
        }
    }

    private void flush() {
        flushScheduled = false;
        channel.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable()) {
            pump();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent && inFlight.isEmpty()) {
            LOG.debug("closing connection {}: it was idle for connections.max.idle.ms", client);
            closeQuietly();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("connection {} was lost: {}", client, cause.getMessage());
        } else {
            LOG.error("connection {} failed", client, cause);
        }
        closeQuietly();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closeQuietly();
    }

    ClientIdentity client() {
        return client;
    }

    /** Closes the connection for a reason an operator may want to know. */
    void close(String reason) {
        if (!closed) {
            LOG.info("closing connection {}: {}", client, Printable.brief(reason));
            closeQuietly();
        }
    }

    private void closeQuietly() {
        if (closed) {
            return;
        }
        closed = true;
        backpressure.release(reader.close());
        waiting.forEach(frame -> release(frame, frame.readableBytes()));
        waiting.clear();
        for (Slot slot : inFlight) {
            discard(slot.reply);
        }
        inFlight.clear();
        var _ = channel.close();
    }

    private static void discard(@Nullable Reply reply) {
        if (reply instanceof Reply.Body(ApiMessage message)) {
            ResponseWriter.discard(message);
        }
    }
}
