package io.taffrail.amqp.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.taffrail.amqp.codec.FrameCutter;
import io.taffrail.amqp.memory.HeldMemory;
import org.jspecify.annotations.Nullable;

/**
 * Received bytes of one connection that it may not process yet, and the charge for these and for
 * an incomplete frame. Owns the bytes it keeps. On the connection's loop only.
 */
final class Unprocessed {

    private final ByteBufAllocator buffers;
    private final FrameCutter cutter;
    private final HeldMemory memory;
    private @Nullable ByteBuf kept;
    private int chargedBytes;

    Unprocessed(ByteBufAllocator buffers, FrameCutter cutter, HeldMemory memory) {
        this.buffers = buffers;
        this.cutter = cutter;
        this.memory = memory;
    }

    boolean isEmpty() {
        return kept == null;
    }

    /** Takes over a buffer behind the bytes that are kept. */
    void add(ByteBuf bytes) {
        ByteBuf before = kept;
        if (before == null) {
            kept = bytes;
        } else {
            kept = before.writeBytes(bytes);
            bytes.release();
        }
    }

    /** Keeps a copy of the rest of a buffer; nothing may be kept yet. */
    void addRest(ByteBuf bytes) {
        assert kept == null : "out of order";
        kept = buffers.buffer(bytes.readableBytes()).writeBytes(bytes);
    }

    /** Gives up everything kept; null if there is nothing. The caller must release it. */
    @Nullable
    ByteBuf take() {
        ByteBuf bytes = kept;
        kept = null;
        return bytes;
    }

    /** Adjusts the memory charge to the bytes that are held now. */
    void charge() {
        ByteBuf bytes = kept;
        int now = cutter.heldBytes() + (bytes == null ? 0 : bytes.capacity());
        int before = chargedBytes;
        chargedBytes = now;
        if (now > before) {
            memory.add(now - before);
        } else {
            memory.remove(before - now);
        }
    }

    /** Drops everything kept. The charge ends with the connection's memory. */
    void close() {
        ByteBuf bytes = take();
        if (bytes != null) {
            bytes.release();
        }
    }
}
