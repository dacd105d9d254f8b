package io.taffrail.kafka.produce;

import io.taffrail.broker.topic.CompressionType;
import io.taffrail.broker.topic.IntakeRules;
import io.taffrail.log.batch.BatchRewriter;
import io.taffrail.log.batch.Codec;
import java.nio.ByteBuffer;

/**
 * Second compression of batches whose topic's {@code compression.type} differs from the producer's.
 * The bytes of the records do not change. This path is slow; a topic's settings opt in to it.
 */
final class Recompression {

    private Recompression() {}

    static Codec codecOf(CompressionType type) {
        return switch (type) {
            case PRODUCER, UNCOMPRESSED -> Codec.NONE;
            case GZIP -> Codec.GZIP;
            case SNAPPY -> Codec.SNAPPY;
            case LZ4 -> Codec.LZ4;
            case ZSTD -> Codec.ZSTD;
        };
    }

    /**
     * Compresses a batch; the records, the producer and the sequence stay the same.
     *
     * @param batch
     *            a valid batch
     * @param recordBytes
     *            decompressed size of its records, in bytes
     */
    static ByteBuffer of(ByteBuffer batch, long recordBytes, IntakeRules intake) {
        return BatchRewriter.compressed(batch, Math.toIntExact(recordBytes),
                codecOf(intake.compression()), intake.compressionLevel());
    }

    /**
     * Maximum number of bytes of the heap that {@link #of} takes.
     *
     * @param batchBytes
     *            size of the batch
     */
    static long heapBytes(int batchBytes, long recordBytes, IntakeRules intake) {
        return BatchRewriter.compressedHeapBytes(batchBytes, recordBytes,
                codecOf(intake.compression()));
    }
}
