package io.taffrail.amqp.output;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.taffrail.amqp.codec.Frame;
import io.taffrail.amqp.codec.Method;
import io.taffrail.amqp.memory.HeldMemory;
import io.taffrail.broker.message.ByteText;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.log.guard.Guard;
import io.taffrail.net.ConnectionTraffic;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Output buffer of a connection: collects the frames of one turn of the loop and writes them at its
 * end, so that many frames cost one system call. On the connection's loop only.
 */
public final class FrameOutput {

    private static final int SMALLEST_BUFFER = 512;
    private static final int LARGEST_BUFFER = 64 << 10;

    private final Channel channel;
    private final HeldMemory memory;
    private final Runnable scheduledFlush;
    private @Nullable ByteBuf filling;
    private int bufferBytes = SMALLEST_BUFFER;
    private int maxPayloadBytes = Frame.MIN_MAX_BYTES - Frame.OVERHEAD_BYTES;
    private boolean flushScheduled;
    private boolean closed;
    private long written;
    private final ConnectionTraffic traffic;

    /**
     * @param memory
     *            charged for bytes the client has not taken yet
     * @param failed
     *            receives exceptions of sending
     */
    public FrameOutput(Channel channel, HeldMemory memory, Consumer<Throwable> failed) {
        this.channel = channel;
        this.memory = memory;
        this.traffic = ConnectionTraffic.of(channel);
        this.scheduledFlush = () -> Guard.run(this::flush, failed);
    }

    /** Sets the largest frame the client accepts, in bytes, including header and end octet. */
    public void maxFrameBytes(int value) {
        maxPayloadBytes = value - Frame.OVERHEAD_BYTES;
    }

    /**
     * True while the socket's write buffer is below its high water mark; deliveries stop otherwise.
     */
    public boolean isWritable() {
        return channel.isWritable();
    }

    /** Number of additions so far; it tells whether anything was sent since the last call. */
    public long written() {
        return written;
    }

    /** Bytes added that are not written to the socket yet. */
    public long pendingBytes() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        ByteBuf out = filling;
        return (buffer == null ? 0 : buffer.totalPendingWriteBytes())
                + (out == null ? 0 : out.readableBytes());
    }

    /** Adds a method. */
    public void method(int channelNumber, Method method) {
        if (!closed) {
            whole(room(Frame.MIN_MAX_BYTES), out -> Frame.method(out, channelNumber, method));
            added();
        }
    }

    /** Adds a heartbeat. */
    public void heartbeat() {
        if (!closed) {
            Frame.heartbeat(room(Frame.OVERHEAD_BYTES));
            added();
        }
    }

    /**
     * Adds a method with content: method, header and body frames. The buffers are copied; their
     * positions do not change.
     */
    public void content(int channelNumber, Method method, ByteBuffer properties, ByteBuffer body) {
        if (closed) {
            return;
        }
        whole(room(contentBytes(properties, body) + Frame.MIN_MAX_BYTES), out -> {
            Frame.method(out, channelNumber, method);
            parts(out, channelNumber, properties, body);
        });
        added();
    }

    /** Adds frames; if that fails, removes the part that was added. */
    private static void whole(ByteBuf out, Consumer<ByteBuf> frames) {
        int before = out.writerIndex();
        try {
            frames.accept(out);
        } catch (Throwable e) {
            out.writerIndex(before);
            throw e;
        }
    }

    /**
     * Adds {@code basic.deliver}, header and body, without creating intermediate objects.
     * The message is copied.
     *
     * @param consumerTag
     *            encoded as a short string, with its length
     */
    public void delivery(int channelNumber, byte[] consumerTag, long deliveryTag,
            boolean redelivered, StoredMessage message) {
        if (closed) {
            return;
        }
        ByteBuf out = room(contentBytes(message.properties(), message.body())
                + Frame.MIN_MAX_BYTES);
        int before = out.writerIndex();
        try {
            int start = Frame.begin(out, Frame.METHOD, channelNumber);
            out.writeInt(DELIVER);
            out.writeBytes(consumerTag);
            out.writeLong(deliveryTag);
            out.writeByte(redelivered ? 1 : 0);
            shortString(out, message.exchange());
            shortString(out, message.routingKey());
            Frame.end(out, start);
            parts(out, channelNumber, message.properties(), message.body());
        } catch (Throwable e) {
            out.writerIndex(before);
            throw e;
        }
        added();
    }

    private static final int DELIVER = 60 << 16 | 60;
    private static final int BASIC = 60;

    private static void shortString(ByteBuf out, ByteBuffer text) {
        out.writeByte(text.remaining());
        copy(out, text, text.position(), text.remaining());
    }

    private int contentBytes(ByteBuffer properties, ByteBuffer body) {
        int bodyFrames = body.remaining() / maxPayloadBytes + 1;
        return properties.remaining() + body.remaining()
                + (bodyFrames + 2) * Frame.OVERHEAD_BYTES + 12;
    }

    /** Header and body frames (AMQP 0-9-1 §4.2.6). */
    private void parts(ByteBuf out, int channelNumber, ByteBuffer properties, ByteBuffer body) {
        int start = Frame.begin(out, Frame.HEADER, channelNumber);
        out.writeShort(BASIC).writeShort(0).writeLong(body.remaining());
        copy(out, properties, properties.position(), properties.remaining());
        Frame.end(out, start);
        int at = body.position();
        while (at < body.limit()) {
            int length = Math.min(maxPayloadBytes, body.limit() - at);
            int frame = Frame.begin(out, Frame.BODY, channelNumber);
            copy(out, body, at, length);
            Frame.end(out, frame);
            at += length;
        }
    }

    /** Copies without changing the source's position. */
    private static void copy(ByteBuf out, ByteBuffer from, int at, int length) {
        out.ensureWritable(length);
        if (from.hasArray()) {
            out.writeBytes(from.array(), from.arrayOffset() + at, length);
        } else {
            out.writeBytes(from.slice(at, length));
        }
    }

    /** Encodes a text as a short string; it must be at most 255 bytes long. */
    public static byte[] shortString(String text) {
        byte[] bytes = ByteText.bytes(text);
        byte[] encoded = new byte[bytes.length + 1];
        encoded[0] = (byte) bytes.length;
        System.arraycopy(bytes, 0, encoded, 1, bytes.length);
        return encoded;
    }

    private ByteBuf room(int bytes) {
        ByteBuf out = filling;
        if (out != null && out.writableBytes() < bytes) {
            if (out.writerIndex() + bytes <= LARGEST_BUFFER) {
                out.ensureWritable(bytes);
                return out;
            }
            ship();
            bufferBytes = LARGEST_BUFFER;
            out = null;
        }
        if (out == null) {
            out = channel.alloc().directBuffer(Math.max(bytes, bufferBytes));
            filling = out;
        }
        return out;
    }

    private void added() {
        written++;
        if (!flushScheduled) {
            flushScheduled = true;
            channel.eventLoop().execute(scheduledFlush);
        }
    }

    /** Writes everything that was added to the socket. */
    public void flush() {
        flushScheduled = false;
        if (!closed) {
            ByteBuf out = filling;
            if (out != null) {
                bufferBytes = Math.clamp(out.writerIndex() * 2L, SMALLEST_BUFFER, LARGEST_BUFFER);
                ship();
            }
            channel.flush();
        }
    }

    private void ship() {
        ByteBuf out = filling;
        if (out != null) {
            filling = null;
            int bytes = out.readableBytes();
            try {
                memory.add(bytes);
            } catch (Throwable e) {
                out.release();
                throw e;
            }
            traffic.sent(bytes);
            var _ = channel.write(out).addListener(_ -> memory.remove(bytes));
        }
    }

    /** Drops everything that was not flushed; later calls do nothing. */
    public void close() {
        closed = true;
        if (filling != null) {
            filling.release();
            filling = null;
        }
    }
}
