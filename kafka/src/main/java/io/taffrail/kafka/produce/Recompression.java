package io.taffrail.kafka.produce;

import io.taffrail.broker.topic.CompressionType;
import io.taffrail.broker.topic.Intake;
import io.taffrail.log.batch.Codec;
import java.nio.ByteBuffer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Batches compressed anew, where a topic's {@code compression.type} is not what the producer used.
 * Every record is copied: a slow path that a topic's owner has chosen.
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

    /** A batch of the same records, producer and sequence. The batch given is valid. */
    static ByteBuffer of(ByteBuffer batch, Intake intake) {
        MutableRecordBatch source = MemoryRecords.readableRecords(batch).batches().iterator()
                .next();
        try (MemoryRecordsBuilder builder = MemoryRecords.builder(
                ByteBuffer.allocate(batch.remaining()), RecordBatch.MAGIC_VALUE_V2,
                compression(intake), TimestampType.CREATE_TIME, 0L, RecordBatch.NO_TIMESTAMP,
                source.producerId(), source.producerEpoch(), source.baseSequence(), false, false,
                RecordBatch.NO_PARTITION_LEADER_EPOCH)) {
            for (Record item : source) {
                builder.appendWithOffset(item.offset(), item);
            }
            return builder.build().buffer();
        }
    }

    private static Compression compression(Intake intake) {
        return switch (intake.compression()) {
            case PRODUCER, UNCOMPRESSED -> Compression.NONE;
            case GZIP -> Compression.gzip().level(intake.compressionLevel()).build();
            case SNAPPY -> Compression.snappy().build();
            case LZ4 -> Compression.lz4().level(intake.compressionLevel()).build();
            case ZSTD -> Compression.zstd().level(intake.compressionLevel()).build();
        };
    }
}
