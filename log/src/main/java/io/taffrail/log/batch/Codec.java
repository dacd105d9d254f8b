package io.taffrail.log.batch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;

/** How the records of a batch are compressed. */
public enum Codec {
    NONE(0), GZIP(1), SNAPPY(2), LZ4(3), ZSTD(4);

    private final int id;

    Codec(int id) {
        this.id = id;
    }

    /** Whether {@link #of} knows it. */
    public static boolean isKnown(int id) {
        return id >= NONE.id && id <= ZSTD.id;
    }

    /**
     * The codec with this id.
     *
     * @throws IllegalArgumentException
     *             if there is none
     */
    public static Codec of(int id) {
        return switch (id) {
            case 0 -> NONE;
            case 1 -> GZIP;
            case 2 -> SNAPPY;
            case 3 -> LZ4;
            case 4 -> ZSTD;
            default -> throw new IllegalArgumentException("no codec has the id " + id);
        };
    }

    /** Its number in a batch's attributes. */
    public int id() {
        return id;
    }

    private Compression compression() {
        return Compression.of(CompressionType.forId(id)).build();
    }

    /**
     * The records of a batch as a stream that holds a window of them, never all.
     *
     * @param records
     *            position to limit; the position moves as the stream is read
     */
    InputStream decompress(ByteBuffer records, BufferSupplier buffers) throws IOException {
        if (this == SNAPPY) {
            SnappyFrames.check(records);
        }
        return compression().wrapForInput(records, BatchHeader.MAGIC, buffers);
    }

    /** Compresses {@code records}, position to limit, to the end of {@code out}. */
    ByteBuffer compress(ByteBuffer records, ByteBuffer out) throws IOException {
        return compress(records, out, compression());
    }

    /** As {@link #compress(ByteBuffer, ByteBuffer)}, at a level where the codec has levels. */
    ByteBuffer compress(ByteBuffer records, ByteBuffer out, int level) throws IOException {
        return compress(records, out, switch (this) {
            case NONE, SNAPPY -> compression();
            case GZIP -> Compression.gzip().level(level).build();
            case LZ4 -> Compression.lz4().level(level).build();
            case ZSTD -> Compression.zstd().level(level).build();
        });
    }

    private static ByteBuffer compress(ByteBuffer records, ByteBuffer out,
            Compression compression) throws IOException {
        ByteBufferOutputStream target = new ByteBufferOutputStream(out);
        try (OutputStream stream = compression.wrapForOutput(target, BatchHeader.MAGIC)) {
            stream.write(records.array(), records.arrayOffset() + records.position(),
                    records.remaining());
        }
        return target.buffer();
    }
}
