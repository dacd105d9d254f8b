package io.taffrail.log.local.segment;

import io.taffrail.log.batch.BatchHeader;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A verifier of the checksums of a segment's batches, chunk by chunk. Not thread-safe. */
public final class SegmentVerifier {

    private static final int CHUNK_BYTES = 1 << 20;

    private ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);

    /**
     * Result of verifying one chunk.
     *
     * @param position
     *            position behind the last sound batch
     * @param batches
     *            number of sound batches
     * @param damage
     *            description of the damage at {@code position}; empty if there is none
     */
    public record Step(int position, int batches, String damage) {}

    /**
     * Verifies at least one batch from {@code position}, where a batch must begin, and none at or
     * behind {@code limit}.
     */
    public Step verify(OpenFiles.Handle held, int position, int limit) throws IOException {
        chunk.clear().limit(Math.min(chunk.capacity(), limit - position));
        int read = held.file().read(chunk, position);
        int at = 0;
        int batches = 0;
        while (read - at >= BatchHeader.SIZE_BYTES) {
            if (!BatchHeader.isFramed(chunk, at, at + Math.min(limit - position - at,
                    Integer.MAX_VALUE - at))) {
                return new Step(position + at, batches, "no whole batch begins there");
            }
            int size = BatchHeader.sizeBytes(chunk, at);
            if (size > read - at) {
                break;
            }
            if (!BatchHeader.isWhole(chunk, at, at + size)) {
                return new Step(position + at, batches, "the checksum of the batch of offset "
                        + BatchHeader.baseOffset(chunk, at) + " is wrong");
            }
            at += size;
            batches++;
        }
        if (at > 0) {
            return new Step(position + at, batches, "");
        }
        return read < chunk.limit() || read < BatchHeader.SIZE_BYTES
                ? new Step(position, 0, "the file ends inside a batch")
                : larger(held, position, limit);
    }

    private Step larger(OpenFiles.Handle held, int position, int limit) throws IOException {
        ByteBuffer usual = chunk;
        chunk = ByteBuffer.allocateDirect(BatchHeader.sizeBytes(chunk, 0));
        try {
            return verify(held, position, limit);
        } finally {
            chunk = usual;
        }
    }
}
