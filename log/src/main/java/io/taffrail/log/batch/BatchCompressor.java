package io.taffrail.log.batch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;

/**
 * Compression of a batch with another codec or level, in steps. The records of the new batch have
 * the same bytes, and pass through a small buffer. Used by one thread at a time; must be closed.
 */
public final class BatchCompressor implements AutoCloseable {

    private static final int PIECE_BYTES = 16 << 10;

    private final ByteBuffer source;
    private final int recordBytes;
    private final Codec codec;
    private final ByteBufferOutputStream target;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] piece;
    private int left;

    /**
     * Begins a compression.
     *
     * @param batch
     *            one whole, validated batch, from position to limit; left unchanged, and must stay
     *            so until {@link #finish}
     * @param recordBytes
     *            size of the records, decompressed, from {@link BatchCheck.Valid}
     * @param codec
     *            the new codec
     * @param level
     *            compression level; ignored by codecs without levels
     */
    public BatchCompressor(ByteBuffer batch, int recordBytes, Codec codec, int level) {
        this.source = batch.slice();
        this.recordBytes = recordBytes;
        this.left = recordBytes;
        this.codec = codec;
        this.piece = new byte[Math.min(recordBytes, PIECE_BYTES)];
        int capacity = codec == Codec.NONE
                ? BatchHeader.SIZE_BYTES + recordBytes
                : source.limit();
        this.target = new ByteBufferOutputStream(
                ByteBuffer.allocate(capacity).position(BatchHeader.SIZE_BYTES));
        try {
            this.in = Codec.of(BatchHeader.compression(source, 0)).decompress(
                    source.duplicate().position(BatchHeader.SIZE_BYTES), BufferSupplier.NO_CACHING);
            this.out = codec.compressTo(target, level);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /**
     * Maximum number of bytes of the heap that a compression takes for its result and for the
     * buffers that it grows out of.
     *
     * @param batchBytes
     *            size of the batch
     * @param recordBytes
     *            size of its records, decompressed
     */
    public static long heapBytes(int batchBytes, long recordBytes, Codec codec) {
        if (codec == Codec.NONE) {
            return BatchHeader.SIZE_BYTES + recordBytes;
        }
        // Records that cannot be compressed grow by a sixth at most (snappy).
        long most = BatchHeader.SIZE_BYTES + recordBytes + recordBytes / 6 + PIECE_BYTES;
        return most <= batchBytes ? batchBytes : batchBytes + 2 * most + most / 8;
    }

    /**
     * Compresses up to {@code bytes} more of the records; returns true if more remain.
     *
     * @throws MalformedBatchException
     *             if the records are shorter than announced
     */
    public boolean step(int bytes) {
        int until = Math.max(0, left - bytes);
        try {
            while (left > until) {
                int read = in.read(piece, 0, Math.min(left - until, piece.length));
                if (read < 0) {
                    throw new MalformedBatchException("the records have " + (recordBytes - left)
                            + " bytes, expected " + recordBytes);
                }
                out.write(piece, 0, read);
                left -= read;
            }
        } catch (IOException e) {
            throw failed(e);
        }
        return left > 0;
    }

    /** Returns the new batch. Called once, after the last step. */
    public ByteBuffer finish() {
        if (left > 0) {
            throw new IllegalStateException(left + " bytes are not compressed");
        }
        close();
        ByteBuffer batch = target.buffer().flip();
        int attributes = (BatchHeader.attributes(source, 0) & ~BatchRewriter.COMPRESSION_MASK)
                | codec.id();
        BatchRewriter.writeHeader(batch, source, attributes, BatchHeader.baseTimestamp(source, 0),
                BatchHeader.maxTimestamp(source, 0), BatchHeader.recordCount(source, 0));
        return batch;
    }

    @Override
    public void close() {
        try (in; out) {
            left = 0;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private UncheckedIOException failed(IOException cause) {
        return new UncheckedIOException("cannot compress with " + codec, cause);
    }
}
