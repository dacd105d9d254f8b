package io.taffrail.kafka.net;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.taffrail.kafka.api.Aside;
import io.taffrail.kafka.api.Reply;
import io.taffrail.log.guard.Guard;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * The way of a connection's responses to its socket: memory is charged, the response is encoded,
 * its parts are written, and the memory is given back when the client has taken all of it, or when
 * it is dropped. A response of more than {@link #ON_LOOP_BYTES} is encoded beside the event loop.
 * On the connection's event loop only, where not said otherwise.
 */
final class Answers {

    /** A response of more is not encoded on an event loop. */
    static final int ON_LOOP_BYTES = 128 * 1024;
    /** As much of a fetch's is, with what it copies of records. */
    private static final int FETCH_ON_LOOP_BYTES = ON_LOOP_BYTES + ResponseWriter.COPY_LIMIT_BYTES;

    private final Connection connection;
    private final Channel channel;
    private final Memory memory;
    private final Aside aside;
    private boolean flushScheduled;
    /** Charged for responses that were written since the last flush. */
    private long unflushedBytes;
    private boolean stopped;

    Answers(Connection connection, Memory memory, Aside aside) {
        this.connection = connection;
        this.channel = connection.channel();
        this.memory = memory;
        this.aside = aside;
    }

    /** Measures a response where its thread may be kept for it; on any thread. */
    static void measure(Slot slot, ApiMessage message) {
        slot.response = new ResponseWriter(slot.header, message);
    }

    /**
     * Sends the response of a slot that is the next in order.
     *
     * @return false if it waits for memory, or is being encoded
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

    /** As {@link #send}, where memory for it is charged. */
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
        return true;
    }

    /** Where encoding fails its slices are closed. */
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

    /** On a thread beside the loop. */
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
                    connection.answered();
                }
            }, connection::failed));
        }, cause -> connection.here(() -> connection.failed(cause)));
    }

    private void write(List<Object> parts, int chargedBytes) {
        unflushedBytes += chargedBytes;
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
        long bytes = unflushedBytes;
        unflushedBytes = 0;
        var _ = channel.write(Unpooled.EMPTY_BUFFER)
                .addListener(_ -> memory.release(bytes));
        channel.flush();
    }

    /** The connection has ended. */
    void stop() {
        stopped = true;
    }
}
