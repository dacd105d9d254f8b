package io.taffrail.kafka.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.FileRegion;
import io.taffrail.kafka.api.Aside;
import io.taffrail.kafka.api.Reply;
import io.taffrail.log.guard.Guard;
import io.taffrail.net.ConnectionTraffic;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Write path of a connection's responses. A response is charged to the connection's memory,
 * encoded, and written part by part. Its charge is released when the client has taken all of it or
 * when it is dropped. A response larger than {@link #ON_LOOP_BYTES} is encoded on a worker thread.
 * All methods run on the connection's event loop unless stated otherwise.
 */
final class Answers {

    /** Largest response that is encoded on an event loop, in bytes. */
    static final int ON_LOOP_BYTES = 128 * 1024;
    /**
     * The same limit for a fetch response, including the records that are copied into its buffer.
     */
    private static final int FETCH_ON_LOOP_BYTES = ON_LOOP_BYTES + ResponseWriter.COPY_LIMIT_BYTES;

    private final KafkaConnection connection;
    private final Channel channel;
    private final Memory memory;
    private final Aside aside;
    private final ConnectionTraffic traffic;
    private boolean flushScheduled;
    /** Bytes charged for responses that were written since the last flush. */
    private long unflushedBytes;
    private boolean stopped;

    Answers(KafkaConnection connection, Memory memory, Aside aside) {
        this.connection = connection;
        this.channel = connection.channel();
        this.memory = memory;
        this.traffic = ConnectionTraffic.of(channel);
        this.aside = aside;
    }

    /**
     * Computes the response's size on the calling thread, so that the event loop need not do it.
     */
    static void measure(Slot slot, ApiMessage message) {
        slot.response = new ResponseWriter(slot.header, message);
    }

    /**
     * Sends the response of the slot at the head of the order.
     *
     * @return false if the response waits for memory or is being encoded on a worker thread
     */
    boolean send(Slot slot, ApiMessage message) {
        if (slot.encoding) {
            return false;
        }
        ResponseWriter response = slot.response;
        if (response == null) {
            response = new ResponseWriter(slot.header, message);
            slot.response = response;
        }
        return memory.forResponse(response.bufferBytes()) && sendCharged(slot, response);
    }

    /** Does the same as {@link #send} for a response whose memory has already been charged. */
    boolean sendCharged(Slot slot, ResponseWriter response) {
        int onLoopBytes = response.is(FetchResponseData.class)
                ? FETCH_ON_LOOP_BYTES
                : ON_LOOP_BYTES;
        if (response.bufferBytes() > onLoopBytes) {
            slot.encoding = true;
            try {
                aside.execute(connection.key(), response.bufferBytes(),
                        () -> encodeAside(slot, response));
                return false;
            } catch (RejectedExecutionException e) {
                memory.release(response.bufferBytes());
                throw e;
            }
        }
        slot.reply = new Reply.Nothing();
        write(encoded(slot, response), response.bufferBytes());
        answered(slot);
        return true;
    }

    /** Encodes a response. If encoding fails, its slices are closed and its memory is released. */
    private List<Object> encoded(Slot slot, ResponseWriter response) {
        try {
            return response.encode(channel.alloc());
        } catch (Throwable e) {
            memory.release(response.bufferBytes());
            throw e;
        } finally {
            slot.noLongAnswer();
        }
    }

    /** Encodes a response; runs on a worker thread. */
    private void encodeAside(Slot slot, ResponseWriter response) {
        Guard.run(() -> {
            List<Object> parts = encoded(slot, response);
            channel.eventLoop().execute(() -> Guard.run(() -> {
                slot.encoding = false;
                slot.reply = new Reply.Nothing();
                if (stopped) {
                    parts.forEach(ResponseWriter::release);
                    memory.release(response.bufferBytes());
                } else {
                    write(parts, response.bufferBytes());
                    answered(slot);
                    connection.answered();
                }
            }, connection::failed));
        }, cause -> connection.here(() -> connection.failed(cause)));
    }

    private void answered(Slot slot) {
        connection.times().answered(slot.header.apiKey().id, slot.begunNs, slot.failed);
    }

    private void write(List<Object> parts, int chargedBytes) {
        unflushedBytes += chargedBytes;
        for (Object part : parts) {
            traffic.sent(size(part));
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

    private static long size(Object part) {
        return switch (part) {
            case HeldBuffer held -> held.buffer().readableBytes();
            case ByteBuf buffer -> buffer.readableBytes();
            case FileRegion region -> region.count();
            default -> 0;
        };
    }

    private void flush() {
        flushScheduled = false;
        long bytes = unflushedBytes;
        unflushedBytes = 0;
        var _ = channel.write(Unpooled.EMPTY_BUFFER)
                .addListener(_ -> memory.release(bytes));
        channel.flush();
    }

    /**
     * Drops, instead of writing, the responses that are still being encoded. The connection has
     * closed.
     */
    void stop() {
        stopped = true;
    }
}
