package io.taffrail.kafka.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleStateEvent;
import io.taffrail.kafka.api.Aside;
import io.taffrail.kafka.api.Reply;
import io.taffrail.log.guard.FailStop;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.text.Printable;
import io.taffrail.net.MemoryBudget;
import io.taffrail.net.MemoryShare;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection. Requests are handled in order and answered in order, one at a time as in
 * Kafka; only produce requests that follow each other may be under way together, up to
 * {@link #MAX_IN_FLIGHT} and {@link #MAX_IN_FLIGHT_BYTES}. What may not be handled yet waits, and
 * while something waits the socket is not read. Frames and responses are charged to the
 * connection's share of memory; where it has no room, {@link Memory} waits for it.
 *
 * <p>
 * Whatever fails in here ends this connection and nothing else. On its event loop only, where
 * not said otherwise.
 */
final class Connection extends ChannelInboundHandlerAdapter
        implements
            FrameReader.Sink,
            Backpressure.Waiter {

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    static final int MAX_IN_FLIGHT = 64;
    /** A larger request is made objects of beside the event loop, but for produce requests. */
    static final int DECODED_ON_LOOP_BYTES = 64 << 10;
    static final int MAX_IN_FLIGHT_BYTES = 32 << 20;
    /** Of requests in a turn of the event loop; then other connections have theirs. */
    private static final int MAX_STARTED_BYTES = 2 << 20;
    /** A small request counts as much: 8 of them in a turn. */
    private static final int LEAST_STARTED_BYTES = 256 << 10;
    private static final int OBJECT_FACTOR = 16;
    private static final int MAX_OBJECT_BYTES = 32 << 20;
    /** The unforced bytes of other heads sink without a word to this one. */
    private static final int RETRY_MS = 10;

    private final Channel channel;
    private final Dispatcher dispatcher;
    private final Backpressure backpressure;
    private final Memory memory;
    private final Aside aside;
    private final Answers answers;
    private final FrameReader reader;
    private final ClientIdentity client;

    private final Queue<ByteBuf> waiting = new ArrayDeque<>();
    private final Queue<Slot> inFlight = new ArrayDeque<>();
    private int inFlightBytes;
    /** Of requests begun since {@link #pump} began. */
    private int startedBytes;
    private boolean pumping;
    private boolean pumpScheduled;
    private boolean awaitingStorage;
    /** A request in flight wants to be done with its preparation before the next one begins. */
    private boolean held;
    private boolean proven;
    /** The objects of the request that is next are charged. */
    private boolean objectsCharged;
    private boolean closed;

    Connection(Channel channel, Dispatcher dispatcher, Aside aside, Backpressure backpressure,
            MemoryShare share, int maxFrameBytes) {
        this.aside = aside;
        this.channel = channel;
        this.dispatcher = dispatcher;
        this.backpressure = backpressure;
        this.memory = new Memory(share, this);
        this.answers = new Answers(this, memory, aside);
        this.reader = new FrameReader(channel.alloc(), maxFrameBytes, this);
        this.client = new ClientIdentity(channel);
    }

    FrameReader reader() {
        return reader;
    }

    Channel channel() {
        return channel;
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
    public boolean charge(int bytes) {
        return memory.forFrame(bytes);
    }

    @Override
    public void release(int bytes) {
        memory.release(bytes);
    }

    @Override
    public boolean scarce() {
        return memory.scarce();
    }

    @Override
    public boolean full() {
        return waiting.size() >= MAX_IN_FLIGHT;
    }

    @Override
    public void frame(ByteBuf frame) {
        waiting.add(frame);
    }

    @Override
    public void malformed(String reason) {
        close(reason);
    }

    /** Room has come that {@link Memory} waited for: it is charged. */
    void roomForFrame() {
        reader.proceed(true);
        drain();
        pump();
    }

    /** As {@link #roomForFrame}, for the next response. */
    void roomForResponse() {
        Slot head = inFlight.peek();
        if (head != null && head.response != null) {
            answers.sendCharged(head, head.response);
        }
        reader.proceed(false);
        drain();
        pump();
    }

    /** Whether it waits for the client to send the rest of a request. */
    boolean waitsForRequest() {
        return reader.midFrame() && channel.config().isAutoRead();
    }

    /** Bytes of responses that the client has not taken. */
    long unwrittenBytes() {
        var buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes();
    }

    /** Bytes that the client has taken of the part it takes now. */
    long partWrittenBytes() {
        var buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.currentProgress();
    }

    /** Handles what waits, as far as order and bounds allow. */
    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            ByteBuf next = next();
            startedBytes = 0;
            while (!closed && next != null && mayStart(next)) {
                if (startedBytes >= MAX_STARTED_BYTES) {
                    pumpLater();
                    break;
                }
                waiting.remove();
                start(next);
                next = next();
            }
        } finally {
            pumping = false;
        }
        boolean read = !closed && waiting.isEmpty() && reader.wantedBytes() == 0;
        if (channel.config().isAutoRead() != read) {
            channel.config().setAutoRead(read);
        }
    }

    private void pumpLater() {
        if (!pumpScheduled) {
            pumpScheduled = true;
            here(() -> {
                pumpScheduled = false;
                pump();
            });
        }
    }

    private @Nullable ByteBuf next() {
        if (waiting.isEmpty()) {
            reader.resume();
        }
        return waiting.peek();
    }

    private boolean mayStart(ByteBuf frame) {
        if (held || !channel.isWritable()) {
            return false;
        }
        if (inFlight.isEmpty()) {
            return dispatcher.pipelined(frame) ? storageOpen() : roomForObjects(frame);
        }
        return dispatcher.pipelined(frame)
                && inFlight.element().pipelined
                && inFlight.size() < MAX_IN_FLIGHT
                && inFlightBytes + frame.readableBytes() <= MAX_IN_FLIGHT_BYTES
                && storageOpen();
    }

    /**
     * The objects of a request that is not small take many times its bytes. A produce request's are
     * mostly records, which are not made objects of.
     */
    private static int extraBytes(ByteBuf frame) {
        long beyond = Math.max(0, frame.readableBytes() - MemoryBudget.FLOOR_BYTES);
        return (int) Math.min(MAX_OBJECT_BYTES, beyond * OBJECT_FACTOR);
    }

    private boolean roomForObjects(ByteBuf frame) {
        int extra = extraBytes(frame);
        if (objectsCharged || extra == 0 || memory.forObjects(extra)) {
            objectsCharged = true;
            return true;
        }
        return false;
    }

    /** As {@link #roomForFrame}, for the objects of the next request. */
    void roomForObjects() {
        objectsCharged = true;
        pump();
        reader.proceed(false);
        drain();
        pump();
    }

    /** Looks again when another connection's request has been appended, and soon in any case. */
    private boolean storageOpen() {
        if (backpressure.storageOpen()) {
            return true;
        }
        if (!awaitingStorage) {
            awaitingStorage = true;
            backpressure.await(this);
            later(this::lookAtStorage, RETRY_MS);
        }
        return false;
    }

    @Override
    public void storageMayBeOpen() {
        here(this::lookAtStorage);
    }

    private void lookAtStorage() {
        if (awaitingStorage) {
            awaitingStorage = false;
            backpressure.leave(this);
            pump();
        }
    }

    private void start(ByteBuf received) {
        ByteBuf frame = received;
        int size = frame.readableBytes() + (objectsCharged ? extraBytes(frame) : 0);
        objectsCharged = false;
        if (frame.readableBytes() > DECODED_ON_LOOP_BYTES && !dispatcher.pipelined(frame)) {
            decodeAside(frame, size);
            return;
        }
        Decoded request;
        try {
            frame = dispatcher.pipelined(received) ? received : compact(received);
            request = RequestDecoder.decode(frame);
        } catch (BadRequestException e) {
            release(frame, size);
            close(String.valueOf(e.getMessage()));
            return;
        } catch (Throwable e) {
            release(frame, size);
            throw e;
        }
        begin(request);
    }

    private void begin(Decoded request) {
        proven = true;
        memory.requestWhole();
        dispatcher.start(this, request);
    }

    /** Reading the objects of a large request takes long. */
    private void decodeAside(ByteBuf frame, int chargedBytes) {
        hold();
        try {
            aside.execute(key(), frame.readableBytes(),
                    () -> Guard.run(() -> decode(frame, chargedBytes), cause -> {
                        release(frame, chargedBytes);
                        here(() -> failed(cause));
                    }));
        } catch (RejectedExecutionException e) {
            release(frame, chargedBytes);
            throw e;
        }
    }

    /** On a thread beside the loop. */
    private void decode(ByteBuf frame, int chargedBytes) {
        Decoded request;
        try {
            request = RequestDecoder.decode(frame);
        } catch (BadRequestException e) {
            release(frame, chargedBytes);
            here(() -> close(String.valueOf(e.getMessage())));
            return;
        }
        resume(() -> {
            if (closed) {
                release(frame, chargedBytes);
            } else {
                begin(request);
            }
        });
    }

    /** Names the connection among the clients of {@link Aside}; on any thread. */
    Object key() {
        return client.toString();
    }

    /** A small request may be under way for long; it is not to keep a large chunk alive. */
    private ByteBuf compact(ByteBuf frame) {
        ByteBuf chunk = frame.unwrap();
        int size = frame.readableBytes();
        if (chunk == null || chunk.capacity() <= 2 * size + FrameReader.SMALLEST_CHUNK) {
            return frame;
        }
        ByteBuf copy = channel.alloc().directBuffer(size, size).writeBytes(frame);
        frame.release();
        return copy;
    }

    /** Takes a place in the order of replies. */
    Slot open(Decoded request, boolean pipelined) {
        Slot slot = new Slot(request, pipelined ? 0 : extraBytes(request.frame()), pipelined);
        inFlight.add(slot);
        inFlightBytes += slot.weightBytes;
        startedBytes += Math.max(LEAST_STARTED_BYTES, slot.weightBytes);
        return slot;
    }

    /**
     * Lets go of a frame that is no request of a {@link io.taffrail.kafka.api.PipelinedHandler}.
     */
    void releaseUnopened(ByteBuf frame) {
        release(frame, frame.readableBytes() + extraBytes(frame));
    }

    /** Lets go of a frame; on any thread. */
    void release(ByteBuf frame, int sizeBytes) {
        frame.release();
        memory.release(sizeBytes);
    }

    /** A produce request begins its way to the logs; {@link #taken} ends it. */
    void handOver(Slot slot) {
        backpressure.handOver(slot.frameBytes);
    }

    /** Lets go of the frame of a produce request that the logs have; on any thread. */
    void taken(ByteBuf frame, Slot slot) {
        release(frame, slot.chargedBytes);
        backpressure.taken(slot.frameBytes);
    }

    /**
     * A produce request is being checked elsewhere: no further one begins until {@link #resume},
     * and
     * until it is handed over again it counts as none that is on its way to the logs.
     */
    void putAside(Slot slot) {
        hold();
        backpressure.taken(slot.frameBytes);
    }

    /** No further request begins until {@link #resume}. */
    void hold() {
        held = true;
    }

    /** Ends {@link #hold} after {@code last} has run on the connection's loop; on any thread. */
    void resume(Runnable last) {
        channel.eventLoop().execute(() -> {
            held = false;
            Guard.run(last, this::failed);
            Guard.run(this::pump, this::failed);
        });
    }

    /** Gives a request its reply; on any thread. */
    void reply(Slot slot, Reply reply) {
        if (channel.eventLoop().inEventLoop()) {
            Guard.run(() -> replyHere(slot, reply), this::failed);
        } else {
            Guard.run(() -> {
                if (reply instanceof Reply.Body(ApiMessage message) && !slot.pipelined) {
                    Answers.measure(slot, message);
                }
                channel.eventLoop().execute(
                        () -> Guard.run(() -> replyHere(slot, reply), this::failed));
            }, cause -> {
                slot.noLongAnswer();
                here(() -> failed(cause));
            });
        }
    }

    private void replyHere(Slot slot, Reply reply) {
        if (closed) {
            slot.noLongAnswer();
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
        while (!closed && head != null && head.reply != null && sent(head, head.reply)) {
            inFlight.remove();
            inFlightBytes -= head.weightBytes;
            head = inFlight.peek();
        }
    }

    /** False if there is no memory for it yet, or it is being encoded. */
    private boolean sent(Slot slot, Reply reply) {
        return switch (reply) {
            case Reply.Body(ApiMessage message) -> answers.send(slot, message);
            case Reply.Nothing() -> true;
            case Reply.Close(String reason) -> {
                close(reason);
                yield true;
            }
        };
    }

    /** A response that was encoded elsewhere has been written. */
    void answered() {
        drain();
        pump();
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

    /** Looks whether a new connection has sent a request in time. */
    void expectRequestWithin(long timeoutMs) {
        long before = reader.receivedBytes();
        later(() -> {
            if (proven) {
                return;
            }
            // A large first request may take longer, as long as it comes.
            if (reader.receivedBytes() - before < Memory.PROGRESS_BYTES) {
                LOG.debug("closing connection {}: no request within"
                        + " connections.first.request.timeout.ms", client);
                closeQuietly();
            } else {
                expectRequestWithin(timeoutMs);
            }
        }, timeoutMs);
    }

    /** Has a task run on the loop, unless the connection is closed by then; on any thread. */
    void here(Runnable task) {
        channel.eventLoop().execute(() -> guarded(task));
    }

    void later(Runnable task, long delayMs) {
        var _ = channel.eventLoop().schedule(() -> guarded(task), delayMs, TimeUnit.MILLISECONDS);
    }

    private void guarded(Runnable task) {
        if (!closed) {
            Guard.run(task, this::failed);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("connection {} was lost: {}", client, cause.getMessage());
            closeQuietly();
        } else {
            FailStop.check(cause);
            failed(cause);
        }
    }

    /** Something in the broker failed in this connection's name: it ends, the others go on. */
    void failed(Throwable cause) {
        if (closed) {
            LOG.debug("closed connection {} failed", client, cause);
        } else if (cause instanceof OutOfMemoryError) {
            LOG.warn("KAF-002 closing connection {}: {}", client, cause.getMessage());
        } else {
            LOG.error("KAF-001 closing connection {}: it failed", client, cause);
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
            LOG.info("closing connection {}: {}", client,
                    Printable.brief(reason));
            closeQuietly();
        }
    }

    private void closeQuietly() {
        if (closed) {
            return;
        }
        closed = true;
        answers.stop();
        backpressure.leave(this);
        memory.stop();
        memory.release(reader.close());
        if (objectsCharged) {
            memory.release(extraBytes(waiting.element()));
        }
        waiting.forEach(frame -> release(frame, frame.readableBytes()));
        waiting.clear();
        for (Slot slot : inFlight) {
            if (slot.reply != null) {
                slot.noLongAnswer();
            }
            if (!slot.encoding) {
                discard(slot.reply);
            }
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
