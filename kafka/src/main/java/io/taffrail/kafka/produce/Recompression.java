package io.taffrail.kafka.produce;

import io.taffrail.broker.topic.CompressionType;
import io.taffrail.broker.topic.IntakeRules;
import io.taffrail.log.batch.BatchCompressor;
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
     * Begins to compress a batch; the records, the producer and the sequence stay the same.
     *
     * @param batch
     *            a valid batch
     * @param recordBytes
     *            decompressed size of its records, in bytes
     */
    static BatchCompressor of(ByteBuffer batch, long recordBytes, IntakeRules intake) {
        return new BatchCompressor(batch, Math.toIntExact(recordBytes),
                codecOf(intake.compression()), intake.compressionLevel());
    }

    /**
     * Maximum number of bytes of the heap that {@link #of} takes.
     *
     * @param batchBytes
     *            size of the batch
     */
    static long heapBytes(int batchBytes, long recordBytes, IntakeRules intake) {
        return BatchCompressor.heapBytes(batchBytes, recordBytes,
                codecOf(intake.compression()));
    }
}
