package io.taffrail.kafka.produce;

import io.taffrail.broker.topic.CompressionType;
import io.taffrail.broker.topic.Intake;
import io.taffrail.log.batch.BatchRewriter;
import io.taffrail.log.batch.Codec;
import java.nio.ByteBuffer;

/**
 * Batches compressed anew, where a topic's {@code compression.type} is not what the producer used.
 * The bytes of the records stay as they are: a slow path that a topic's owner has chosen.
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
     * A batch of the same records, producer and sequence.
     *
     * @param batch
     *            valid
     * @param recordBytes
     *            of its records decompressed
     */
    static ByteBuffer of(ByteBuffer batch, long recordBytes, Intake intake) {
        return BatchRewriter.compressed(batch, Math.toIntExact(recordBytes),
                codecOf(intake.compression()), intake.compressionLevel());
    }
}
