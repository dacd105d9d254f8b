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
import io.taffrail.net.ConnectionTraffic;
import io.taffrail.net.MemoryShare;
import io.taffrail.net.RareLines;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection. Requests are handled and answered one at a time and in order, as in
 * Kafka. Only consecutive produce requests may be in flight together, as far as {@link InFlight}
 * admits them. While a request waits to be handled, the socket is not read. Frames and responses
 * are charged to the connection's share of memory; when the share has no room, {@link Memory}
 * waits for it.
 *
 * <pre>
 *  socket ─► FrameReader ─► waiting ─► Decoding ─► Dispatcher ─► handler
 *                │             │                                   │ reply
 *              Memory     StorageWait       socket ◄─ Answers ◄─ InFlight
 * </pre>
 *
 * <p>
 * A failure in this class ends this connection only. All methods run on the connection's event loop
 * unless stated otherwise.
 */
final class KafkaConnection extends ChannelInboundHandlerAdapter implements FrameReader.Sink {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaConnection.class);

    /**
     * Bytes of requests started in one turn of the event loop; other connections run after that.
     */
    private static final int MAX_STARTED_BYTES = 2 << 20;
    /**
     * Least weight of a request in a turn, in bytes: at most 8 small requests start in one turn.
     */
    private static final int LEAST_STARTED_BYTES = 256 << 10;
    /** Cause of {@link RareLines}. */
    static final String UNPROVEN = "before their first request";

    private final Channel channel;
    private final Dispatcher dispatcher;
    private final Backpressure backpressure;
    private final Memory memory;
    private final StorageWait storage;
    private final InFlight inFlight;
    private final Answers answers;
    private final Decoding decoding;
    private final FrameReader reader;
    private final ClientIdentity client;
    private final RareLines lines;

    private final Queue<ByteBuf> waiting = new ArrayDeque<>();
    /** Bytes of the requests started since {@link #pump} began. */
    private int startedBytes;
    private boolean pumping;
    private boolean pumpScheduled;
    /**
     * True while a request is decoded or checked on another thread; no other request
     * starts.
     */
    private boolean held;
    private boolean proven;
    private boolean closed;
    private final ConnectionTraffic traffic;
    private final RequestTimes times;
    private RequestTimes.@Nullable OfLoop loopTimes;

    KafkaConnection(Channel channel, Dispatcher dispatcher, Aside aside, Backpressure backpressure,
            MemoryShare share, int maxFrameBytes, RareLines lines, RequestTimes times) {
        this.times = times;
        this.lines = lines;
        this.channel = channel;
        this.traffic = ConnectionTraffic.of(channel);
        this.dispatcher = dispatcher;
        this.backpressure = backpressure;
        this.memory = new Memory(share, this);
        this.storage = new StorageWait(this, backpressure);
        this.answers = new Answers(this, memory, aside);
        this.inFlight = new InFlight(this, answers);
        this.decoding = new Decoding(this, aside);
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
        long before = reader.receivedBytes();
        if (closed) {
            bytes.release();
            return;
        }
        reader.received(bytes);
        traffic.received((int) (reader.receivedBytes() - before));
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
        return waiting.size() >= InFlight.MAX_REQUESTS;
    }

    @Override
    public void frame(ByteBuf frame) {
        waiting.add(frame);
    }

    @Override
    public void malformed(String reason) {
        close(reason);
    }

    /** Continues after {@link Memory} has charged the memory that a frame waited for. */
    void roomForFrame() {
        reader.proceed(true);
        inFlight.drain();
        pump();
    }

    /** Does the same as {@link #roomForFrame} for the next response. */
    void roomForResponse() {
        inFlight.sendCharged();
        reader.proceed(false);
        inFlight.drain();
        pump();
    }

    /** Does the same as {@link #roomForFrame} for the objects of the next request. */
    void roomForObjects() {
        pump();
        reader.proceed(false);
        inFlight.drain();
        pump();
    }

    /** Whether the connection waits for the client to send the rest of a request. */
    boolean waitsForRequest() {
        return reader.midFrame() && channel.config().isAutoRead();
    }

    /** Starts waiting requests as far as order and limits allow, then turns reading on or off. */
    void pump() {
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
            return dispatcher.pipelined(frame) ? storage.isOver() : memory.forObjects(frame);
        }
        return dispatcher.pipelined(frame)
                && inFlight.admits(frame.readableBytes())
                && storage.isOver();
    }

    private void start(ByteBuf frame) {
        decoding.start(frame, dispatcher.pipelined(frame), memory.takeCharge(frame));
    }

    /** Starts handling a request that has been decoded. Owns its frame from now on. */
    void begin(Decoded request) {
        proven = true;
        memory.requestWhole();
        dispatcher.start(this, request);
    }

    /** Identifies this connection among the clients of {@link Aside}; on any thread. */
    Object key() {
        return client.toString();
    }

    /** Adds a request to the order of replies. */
    Slot open(Decoded request, boolean pipelined) {
        Slot slot = new Slot(request, pipelined ? 0 : Memory.objectBytes(request.frame()),
                pipelined);
        slot.begunNs = times().now();
        inFlight.add(slot);
        startedBytes += Math.max(LEAST_STARTED_BYTES, slot.weightBytes);
        return slot;
    }

    /** The times of this connection's loop; the channel is registered with it by now. */
    RequestTimes.OfLoop times() {
        RequestTimes.OfLoop known = loopTimes;
        if (known == null) {
            known = times.of(channel.eventLoop());
            loopTimes = known;
        }
        return known;
    }

    /** Releases the frame of an exclusive request that has no slot. */
    void releaseUnopened(ByteBuf frame) {
        release(frame, frame.readableBytes() + Memory.objectBytes(frame));
    }

    /** Releases a frame and its charge of {@code sizeBytes}; on any thread. */
    void release(ByteBuf frame, int sizeBytes) {
        frame.release();
        memory.release(sizeBytes);
    }

    /** Counts a produce request that is handed to the logs, until {@link #taken}. */
    void handOver(Slot slot) {
        backpressure.handOver(slot.frameBytes);
    }

    /** Releases the frame of a produce request that the logs have taken over; on any thread. */
    void taken(ByteBuf frame, Slot slot) {
        release(frame, slot.chargedBytes);
        backpressure.taken(slot.frameBytes);
    }

    /**
     * Suspends a produce request that is checked on another thread. No other request starts until
     * {@link #resume}. The request does not count as handed to the logs until it is handed over
     * again.
     */
    void putAside(Slot slot) {
        hold();
        backpressure.taken(slot.frameBytes);
    }

    /** Starts no other request until {@link #resume}. */
    void hold() {
        held = true;
    }

    /** Runs {@code last} on the connection's event loop, then ends {@link #hold}; on any thread. */
    void resume(Runnable last) {
        channel.eventLoop().execute(() -> {
            held = false;
            Guard.run(last, this::failed);
            Guard.run(this::pump, this::failed);
        });
    }

    /** Sets the reply of a request; on any thread. */
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
            InFlight.discard(reply);
            return;
        }
        inFlight.reply(slot, reply);
        if (slot.pipelined) {
            backpressure.wake();
        }
        pump();
    }

    /** Continues after a response that was encoded on a worker thread has been written. */
    void answered() {
        inFlight.drain();
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

    /** Closes a new connection that sends no whole request within {@code timeoutMs}. */
    void expectRequestWithin(long timeoutMs) {
        long before = reader.receivedBytes();
        later(() -> {
            if (proven) {
                return;
            }
            // A large first request may take longer as long as its bytes keep arriving.
            if (reader.receivedBytes() - before < Memory.PROGRESS_BYTES) {
                LOG.debug("closing connection {}: no request within"
                        + " connections.first.request.timeout.ms", client);
                closeQuietly();
            } else {
                expectRequestWithin(timeoutMs);
            }
        }, timeoutMs);
    }

    /** Runs a task on the event loop unless the connection has closed by then; on any thread. */
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

    /** Closes this connection after a failure in the broker's own code; other connections go on. */
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

    /**
     * Closes the connection and logs the reason at INFO for the operator; one line per minute for
     * connections that end before their first request.
     */
    void close(String reason) {
        if (!closed) {
            if (proven) {
                LOG.info("closing connection {}: {}", client, Printable.brief(reason));
            } else {
                unproven(reason);
            }
            closeQuietly();
        }
    }

    private void unproven(String reason) {
        long count = lines.count(UNPROVEN);
        if (count > 0) {
            LOG.info("closing connection {}: {}; {} connections ended {} since the last such line",
                    client, Printable.brief(reason), count, UNPROVEN);
        }
    }

    boolean isClosed() {
        return closed;
    }

    private void closeQuietly() {
        if (closed) {
            return;
        }
        closed = true;
        answers.stop();
        storage.stop();
        memory.stop();
        memory.release(reader.close());
        waiting.forEach(frame -> release(frame, memory.takeCharge(frame)));
        waiting.clear();
        inFlight.close();
        var _ = channel.close();
    }
}
