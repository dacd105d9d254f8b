package io.taffrail.kafka.produce;

import io.netty.util.concurrent.FastThreadLocal;
import io.taffrail.broker.topic.CompressionType;
import io.taffrail.broker.topic.IntakeRules;
import io.taffrail.broker.topic.TimestampType;
import io.taffrail.kafka.api.ErrorCodes;
import io.taffrail.log.Refusal;
import io.taffrail.log.batch.BatchCheck;
import io.taffrail.log.batch.BatchCompressor;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.BatchRules;
import io.taffrail.log.batch.BatchValidator;
import io.taffrail.log.batch.Codec;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/** Check of a produce request's batches, and their conversion as the topic's settings require. */
final class BatchIntake {

    private static final int ZSTD_FROM_VERSION = 7;
    private static final int MAGIC_AT = 16;
    /** Largest decompressed size of a batch that is compressed anew on an event loop. */
    static final int RECOMPRESSED_ON_LOOP_BYTES = 64 << 10;
    /** Most bytes of records, decompressed, that one request is checked for on an event loop. */
    private static final int LOOP_TOTAL_BYTES = 8 << 20;

    private static final FastThreadLocal<BatchValidator> VALIDATOR = new FastThreadLocal<>() {
        @Override
        protected BatchValidator initialValue() {
            return new BatchValidator();
        }

        @Override
        protected void onRemoval(BatchValidator validator) {
            validator.close();
        }
    };

    private final Inflation inflation;
    private final short version;
    private final long nowMs;
    private final boolean transactionalIdKnown;
    private long loopBytes;

    /**
     * Creates the checks for the batches of one request.
     *
     * @param version
     *            version of the produce request
     * @param transactionalIdKnown
     *            whether the request names a transactional id
     */
    BatchIntake(Inflation inflation, short version, long nowMs, boolean transactionalIdKnown) {
        this.transactionalIdKnown = transactionalIdKnown;
        this.inflation = inflation;
        this.version = version;
        this.nowMs = nowMs;
    }

    /**
     * Does the same as {@link #prepare} on an event loop. A check that would take long returns
     * {@link Prepared.Later} instead.
     */
    Prepared prepareOnLoop(BaseRecords records, IntakeRules intake) {
        return prepare(records, intake, VALIDATOR.get(), true);
    }

    /** Maximum number of bytes that {@link #prepare} reads or decompresses. */
    long mostBytes(@Nullable BaseRecords records, IntakeRules intake) {
        int size = records == null ? 0 : records.sizeInBytes();
        boolean compressed = records instanceof MemoryRecords memory
                && memory.buffer().remaining() >= BatchHeader.SIZE_BYTES
                && BatchHeader.compression(memory.buffer(), memory.buffer().position()) != 0;
        return compressed ? inflation.limit(size, intake) : size;
    }

    /** Checks and converts a batch; may change its header in place. */
    Prepared prepare(BaseRecords records, IntakeRules intake) {
        try (BatchValidator validator = new BatchValidator()) {
            return prepare(records, intake, validator, false);
        }
    }

    private Prepared prepare(BaseRecords records, IntakeRules intake, BatchValidator validator,
            boolean onLoop) {
        if (!(records instanceof MemoryRecords memory) || memory.sizeInBytes() == 0) {
            return new Prepared.Rejected(Errors.INVALID_RECORD, "Produce requests with version "
                    + version + " must have at least one record batch per partition");
        }
        ByteBuffer batch = memory.buffer();
        if (isOldFormat(batch)) {
            return new Prepared.Rejected(Errors.INVALID_RECORD, "Produce requests with version "
                    + version + " are only allowed to contain record batches with magic version 2");
        }
        int size = batch.remaining();
        if (size > intake.maxMessageBytes()) {
            return tooLarge(batch, intake);
        }
        long limit = inflation.limit(size, intake);
        if (onLoop && loopBytes > LOOP_TOTAL_BYTES) {
            return new Prepared.Later(limit);
        }
        long now = onLoop ? Math.min(limit, Inflation.loopLimit(size)) : limit;
        BatchRules rules = rules(intake).withMaxRecordBytes(now);
        return switch (validator.validate(batch, rules)) {
            case BatchCheck.Invalid invalid -> rejected(invalid);
            case BatchCheck.TooLong _ -> now < limit
                    ? new Prepared.Later(limit)
                    : new Prepared.Rejected(Errors.MESSAGE_TOO_LARGE, "The record batch of " + size
                            + " bytes has more than " + limit + " bytes decompressed");
            case BatchCheck.Valid valid -> {
                loopBytes += valid.recordBytes();
                yield accept(batch, valid, intake);
            }
        };
    }

    private static boolean recompressed(ByteBuffer batch, IntakeRules intake) {
        return intake.compression() != CompressionType.PRODUCER
                && Recompression.codecOf(intake.compression()).id() != BatchHeader
                        .compression(batch, batch.position());
    }

    /**
     * Whether the batch is a message set from before Kafka 0.11. Its magic byte has the same
     * position.
     */
    private static boolean isOldFormat(ByteBuffer batch) {
        if (batch.remaining() <= MAGIC_AT) {
            return false;
        }
        byte magic = batch.get(batch.position() + MAGIC_AT);
        return magic == 0 || magic == 1;
    }

    private BatchRules rules(IntakeRules intake) {
        BatchRules rules = BatchRules.FORMAT;
        if (intake.keysRequired()) {
            rules = rules.withRequireKeys(true);
        }
        return intake.timestampType() == TimestampType.LOG_APPEND_TIME
                ? rules
                : rules.withTimestampsAround(nowMs, intake.timestampBeforeMaxMs(),
                        intake.timestampAfterMaxMs());
    }

    private Prepared accept(ByteBuffer batch, BatchCheck.Valid valid, IntakeRules intake) {
        int at = batch.position();
        if (BatchHeader.isTransactional(batch, at) && !transactionalIdKnown) {
            return new Prepared.Rejected(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
                    "Transactional records need a transactional id");
        }
        int codec = BatchHeader.compression(batch, at);
        if (codec == Codec.ZSTD.id() && version < ZSTD_FROM_VERSION) {
            return new Prepared.Rejected(Errors.UNSUPPORTED_COMPRESSION_TYPE,
                    "Produce requests with version " + version
                            + " are not allowed to use ZStandard compression");
        }
        return recompressed(batch, intake)
                ? new Prepared.Unconverted(valid, Recompression.heapBytes(batch.remaining(),
                        valid.recordBytes(), intake))
                : stamped(batch, valid, intake);
    }

    /** Begins to compress a checked batch anew; takes the heap that {@code unconverted} says. */
    static BatchCompressor convert(BaseRecords records, IntakeRules intake,
            Prepared.Unconverted unconverted) {
        return Recompression.of(((MemoryRecords) records).buffer(),
                unconverted.valid().recordBytes(), intake);
    }

    /** Accepts or refuses a batch that was compressed anew. */
    Prepared converted(ByteBuffer stored, IntakeRules intake, Prepared.Unconverted unconverted) {
        return stored.remaining() > intake.maxMessageBytes()
                ? tooLarge(stored, intake)
                : stamped(stored, unconverted.valid(), intake);
    }

    /** Refuses a checked batch that takes more of the heap than one request may. */
    static Prepared tooLargeToConvert(Prepared.Unconverted unconverted) {
        return new Prepared.Rejected(Errors.MESSAGE_TOO_LARGE, "Compressing the record batch anew"
                + " takes " + unconverted.heapBytes() + " bytes, more than one request may take");
    }

    private Prepared stamped(ByteBuffer stored, BatchCheck.Valid valid, IntakeRules intake) {
        boolean appendTime = intake.timestampType() == TimestampType.LOG_APPEND_TIME;
        BatchHeader.stampTime(stored, stored.position(), appendTime,
                appendTime ? nowMs : valid.maxTimestampMs());
        return new Prepared.Accepted(stored, appendTime ? nowMs : -1);
    }

    private static Prepared tooLarge(ByteBuffer batch, IntakeRules intake) {
        return new Prepared.Rejected(Errors.MESSAGE_TOO_LARGE, "The record batch size is "
                + batch.remaining() + " bytes which exceeds the maximum configured value of "
                + intake.maxMessageBytes());
    }

    private static Prepared rejected(BatchCheck.Invalid invalid) {
        List<BatchIndexAndErrorMessage> records = invalid.records().stream()
                .map(error -> new BatchIndexAndErrorMessage().setBatchIndex(error.index())
                        .setBatchIndexErrorMessage(error.detail()))
                .toList();
        String detail = invalid.reason() == Refusal.INVALID_TIMESTAMP
                ? "One or more records have been rejected due to invalid timestamp"
                : invalid.detail();
        return new Prepared.Rejected(ErrorCodes.of(invalid.reason()), detail, records);
    }
}
