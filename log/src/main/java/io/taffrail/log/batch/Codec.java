package io.taffrail.log.batch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;

/** The compression codec of a batch's records. */
public enum Codec {
    NONE(0), GZIP(1), SNAPPY(2), LZ4(3), ZSTD(4);

    private final int id;

    Codec(int id) {
        this.id = id;
    }

    /** Returns whether {@link #of} accepts {@code id}. */
    public static boolean isKnown(int id) {
        return id >= NONE.id && id <= ZSTD.id;
    }

    /**
     * Returns the codec with this id.
     *
     * @throws IllegalArgumentException
     *             if no codec has it
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

    /** Kafka's id of the codec, as in a batch's attributes. */
    public int id() {
        return id;
    }

    private Compression compression() {
        return Compression.of(CompressionType.forId(id)).build();
    }

    /**
     * Opens the compressed records as a stream, which decompresses them through a window of bounded
     * size. The caller closes the stream.
     *
     * @param records
     *            the compressed records from position to limit;
     *            reading the stream moves the position
     * @param buffers
     *            pool for the stream's buffers; used by a single thread
     * @throws IOException
     *             if the data is not of this codec or claims an implausible size
     */
    InputStream decompress(ByteBuffer records, BufferSupplier buffers) throws IOException {
        if (this == SNAPPY) {
            SnappyFrames.check(records);
        }
        return compression().wrapForInput(records, BatchHeader.MAGIC, buffers);
    }

    /**
     * Compresses {@code records}, a heap buffer from position to limit, and appends the result
     * to {@code out}. Returns the buffer written to: {@code out}, or a larger copy.
     */
    ByteBuffer compress(ByteBuffer records, ByteBuffer out) throws IOException {
        return compress(records, out, compression());
    }

    /** A stream that compresses into {@code out}; the caller closes it. */
    OutputStream compressTo(ByteBufferOutputStream out) {
        return compression().wrapForOutput(out, BatchHeader.MAGIC);
    }

    /** As {@link #compressTo(ByteBufferOutputStream)}; codecs without levels ignore the level. */
    OutputStream compressTo(ByteBufferOutputStream out, int level) {
        Compression compression = switch (this) {
            case NONE, SNAPPY -> compression();
            case GZIP -> Compression.gzip().level(level).build();
            case LZ4 -> Compression.lz4().level(level).build();
            case ZSTD -> Compression.zstd().level(level).build();
        };
        return compression.wrapForOutput(out, BatchHeader.MAGIC);
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
