package io.taffrail.kafka.net;

import io.netty.buffer.ByteBuf;
import io.taffrail.kafka.api.Aside;
import io.taffrail.log.guard.Guard;
import java.util.concurrent.RejectedExecutionException;

/**
 * Decodes the requests of one connection. A large request is decoded on a worker thread, because
 * its objects take long to create; no other request of the connection starts meanwhile. A request
 * that cannot be decoded closes the connection. All methods run on the connection's event loop
 * unless stated otherwise.
 */
final class Decoding {

    /**
     * Largest request that is decoded on the event loop, in bytes; produce requests have no limit.
     */
    static final int ON_LOOP_BYTES = 64 << 10;

    private final KafkaConnection connection;
    private final Aside aside;

    Decoding(KafkaConnection connection, Aside aside) {
        this.connection = connection;
        this.aside = aside;
    }

    /**
     * Decodes a request and calls {@link KafkaConnection#begin}. Owns the frame and its charge of
     * {@code chargedBytes} until that call.
     */
    void start(ByteBuf received, boolean pipelined, int chargedBytes) {
        ByteBuf frame = received;
        if (frame.readableBytes() > ON_LOOP_BYTES && !pipelined) {
            startAside(frame, chargedBytes);
            return;
        }
        Decoded request;
        try {
            frame = pipelined ? received : compact(received);
            request = RequestDecoder.decode(frame);
        } catch (BadRequestException e) {
            connection.release(frame, chargedBytes);
            connection.close(String.valueOf(e.getMessage()));
            return;
        } catch (Throwable e) {
            connection.release(frame, chargedBytes);
            throw e;
        }
        connection.begin(request);
    }

    private void startAside(ByteBuf frame, int chargedBytes) {
        connection.hold();
        try {
            aside.execute(connection.key(), frame.readableBytes(),
                    () -> Guard.run(() -> decode(frame, chargedBytes), cause -> {
                        connection.release(frame, chargedBytes);
                        connection.here(() -> connection.failed(cause));
                    }));
        } catch (RejectedExecutionException e) {
            connection.release(frame, chargedBytes);
            throw e;
        }
    }

    /** Decodes a request; runs on a worker thread. */
    private void decode(ByteBuf frame, int chargedBytes) {
        Decoded request;
        try {
            request = RequestDecoder.decode(frame);
        } catch (BadRequestException e) {
            connection.release(frame, chargedBytes);
            connection.here(() -> connection.close(String.valueOf(e.getMessage())));
            return;
        }
        connection.resume(() -> {
            if (connection.isClosed()) {
                connection.release(frame, chargedBytes);
            } else {
                connection.begin(request);
            }
        });
    }

    /**
     * Copies a small frame out of a large chunk. The request may be in flight for long and would
     * otherwise keep the whole chunk in memory.
     */
    private ByteBuf compact(ByteBuf frame) {
        ByteBuf chunk = frame.unwrap();
        int size = frame.readableBytes();
        if (chunk == null || chunk.capacity() <= 2 * size + FrameReader.SMALLEST_CHUNK) {
            return frame;
        }
        ByteBuf copy = connection.channel().alloc().directBuffer(size, size).writeBytes(frame);
        frame.release();
        return copy;
    }
}
