package io.taffrail.kafka.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.taffrail.log.spi.LogSlice;
import io.taffrail.log.spi.LogSlice.BufferSlice;
import io.taffrail.log.spi.LogSlice.FileSlice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.protocol.Writable;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * {@link Writable} with one buffer of the right size. Records that are not copied are inserted
 * between slices of that buffer: {@code buffer, slice, buffer, ...}.
 */
final class SplicingWritable implements Writable {

    private final ByteBuf buffer;
    private final List<Object> parts;
    private final CopyPlan plan;
    private int partStart;
    private int recordsBegun;

    /**
     * Starts writing at the buffer's writer index.
     *
     * @param buffer
     *            large enough for all but the records that are not copied; ownership passes to this
     *            object
     * @param parts
     *            receives {@link ByteBuf}s, {@link SliceRegion}s and {@link HeldBuffer}s in order
     * @param plan
     *            plan of this response, not used before
     */
    SplicingWritable(ByteBuf buffer, List<Object> parts, CopyPlan plan) {
        this.plan = plan;
        this.buffer = buffer;
        this.parts = parts;
        this.partStart = buffer.readerIndex();
    }

    /** Ends writing: adds the last part and releases the buffer, which the parts keep alive. */
    void finish() {
        cut();
        buffer.release();
    }

    /**
     * Number of records passed to {@link #writeRecords}. Their slices are closed or among the
     * parts.
     */
    int recordsBegun() {
        return recordsBegun;
    }

    private void cut() {
        int end = buffer.writerIndex();
        if (end > partStart) {
            parts.add(buffer.retainedSlice(partStart, end - partStart));
            partStart = end;
        }
    }

    @Override
    public void writeRecords(BaseRecords records) {
        recordsBegun++;
        switch (records) {
            case SliceRecords(LogSlice slice) -> writeSlice(slice);
            case MemoryRecords memory -> buffer.writeBytes(memory.buffer());
            default -> throw new IllegalArgumentException(
                    "cannot write records of " + records.getClass());
        }
    }

    private void writeSlice(LogSlice slice) {
        if (!plan.copied(slice)) {
            cut();
            parts.add(switch (slice) {
                case FileSlice file -> new SliceRegion(file);
                case BufferSlice memory -> new HeldBuffer(Unpooled.wrappedBuffer(memory.buffer()),
                        memory);
            });
            return;
        }
        try (slice) {
            switch (slice) {
                case FileSlice file -> copy(file);
                case BufferSlice memory -> buffer.writeBytes(memory.buffer().duplicate());
            }
        }
    }

    private void copy(FileSlice file) {
        int size = file.sizeBytes();
        int copied = 0;
        try {
            while (copied < size) {
                ByteBuffer target = buffer.internalNioBuffer(buffer.writerIndex(), size - copied);
                int read = file.channel().read(target, file.position() + copied);
                if (read < 0) {
                    throw new IOException("the file ends before position "
                            + (file.position() + size) + " of a slice");
                }
                buffer.writerIndex(buffer.writerIndex() + read);
                copied += read;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void writeByte(byte value) {
        buffer.writeByte(value);
    }

    @Override
    public void writeShort(short value) {
        buffer.writeShort(value);
    }

    @Override
    public void writeInt(int value) {
        buffer.writeInt(value);
    }

    @Override
    public void writeLong(long value) {
        buffer.writeLong(value);
    }

    @Override
    public void writeDouble(double value) {
        buffer.writeDouble(value);
    }

    @Override
    public void writeByteArray(byte[] value) {
        buffer.writeBytes(value);
    }

    @Override
    public void writeByteBuffer(ByteBuffer value) {
        buffer.writeBytes(value.duplicate());
    }

    @Override
    public void writeUnsignedVarint(int value) {
        int rest = value;
        while ((rest & 0xFFFFFF80) != 0) {
            buffer.writeByte((rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        buffer.writeByte(rest);
    }

    @Override
    public void writeVarint(int value) {
        writeUnsignedVarint((value << 1) ^ (value >> 31));
    }

    @Override
    public void writeVarlong(long value) {
        long rest = (value << 1) ^ (value >> 63);
        while ((rest & 0xFFFFFFFFFFFFFF80L) != 0) {
            buffer.writeByte((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        buffer.writeByte((int) rest);
    }
}
