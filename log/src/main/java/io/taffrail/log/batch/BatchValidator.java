package io.taffrail.log.batch;

import io.taffrail.log.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Checks a client's batch before it is appended, with the rules of Kafka's produce path:
 * frame, checksum, header and every record. An uncompressed batch is scanned in place.
 * A compressed batch is decompressed through a window of fixed size, and its bytes stay unchanged.
 * For a single thread; each event loop has its own validator.
 */
public final class BatchValidator implements AutoCloseable {

    /** Maximum number of records listed in one refusal. */
    public static final int MAX_RECORD_ERRORS = 100;

    private static final int DELETE_HORIZON_BIT = 0x40;

    private final BufferSupplier buffers = BufferSupplier.create();
    private final RecordScan seen = new RecordScan();
    private final BufferScan bufferScan = new BufferScan();
    private final StreamScan streamScan = new StreamScan();

    /**
     * Checks the batch against the format and {@code rules}.
     *
     * @param batch
     *            exactly one batch, from position to limit; heap or direct, left unchanged
     */
    public BatchCheck validate(ByteBuffer batch, BatchRules rules) {
        int at = batch.position();
        BatchCheck.Invalid wrong = frame(batch, at);
        if (wrong == null) {
            wrong = header(batch, at);
        }
        return wrong == null ? records(batch, at, rules) : wrong;
    }

    private static BatchCheck.@Nullable Invalid frame(ByteBuffer batch,
            int at) {
        int size = batch.remaining();
        if (size < BatchHeader.SIZE_BYTES) {
            return corrupt("a batch of " + size + " bytes is shorter than its header");
        }
        byte magic = BatchHeader.magic(batch, at);
        if (magic != BatchHeader.MAGIC) {
            return magic == 0 || magic == 1
                    ? invalid("batches of format v" + magic + " are not supported, only v2")
                    : corrupt("no batch format has the number " + magic);
        }
        int claimed = BatchHeader.sizeBytes(batch, at);
        if (claimed < BatchHeader.SIZE_BYTES || claimed > size) {
            return corrupt("a batch claims " + claimed + " bytes, but has " + size);
        }
        if (claimed < size) {
            return invalid((size - claimed) + " bytes follow the only batch allowed");
        }
        return BatchHeader.crc(batch, at) == BatchHeader.computeCrc(batch, at, size)
                ? null
                : corrupt("the checksum does not match");
    }

    private static BatchCheck.@Nullable Invalid header(ByteBuffer batch,
            int at) {
        int count = BatchHeader.recordCount(batch, at);
        int lastDelta = BatchHeader.lastOffsetDelta(batch, at);
        if (BatchHeader.baseOffset(batch, at) != 0) {
            return invalid("the base offset is " + BatchHeader.baseOffset(batch, at) + ", not 0");
        }
        if (count <= 0 || lastDelta != count - 1) {
            return invalid(count + " records do not match the last offset delta " + lastDelta);
        }
        short attributes = BatchHeader.attributes(batch, at);
        if (!Codec.isKnown(BatchHeader.compression(batch, at))) {
            return invalid("no codec has the id " + BatchHeader.compression(batch, at));
        }
        if (BatchHeader.isControl(batch, at)) {
            return invalid("clients may not write control records");
        }
        if ((attributes & DELETE_HORIZON_BIT) != 0) {
            return invalid("clients may not set a delete horizon");
        }
        if (BatchHeader.isLogAppendTime(batch, at)) {
            return new BatchCheck.Invalid(Refusal.INVALID_TIMESTAMP,
                    "producers may not set the timestamp type to log append time", List.of());
        }
        return producer(batch, at);
    }

    private static BatchCheck.@Nullable Invalid producer(ByteBuffer batch,
            int at) {
        long id = BatchHeader.producerId(batch, at);
        if (id == BatchHeader.NO_PRODUCER) {
            return BatchHeader.isTransactional(batch, at)
                    ? invalid("a transactional batch has no producer id")
                    : null;
        }
        short epoch = BatchHeader.producerEpoch(batch, at);
        int sequence = BatchHeader.baseSequence(batch, at);
        return id < 0 || epoch < 0 || sequence < 0
                ? invalid("producer id " + id + ", epoch " + epoch + ", sequence " + sequence
                        + ": none may be negative")
                : null;
    }

    private BatchCheck records(ByteBuffer batch, int at, BatchRules rules) {
        int count = BatchHeader.recordCount(batch, at);
        int from = at + BatchHeader.SIZE_BYTES;
        long baseTimestampMs = BatchHeader.baseTimestamp(batch, at);
        seen.begin(rules);
        int codec = BatchHeader.compression(batch, at);
        try {
            if (codec != Codec.NONE.id()) {
                long recordBytes = decompress(batch.duplicate().position(from), Codec.of(codec),
                        count, baseTimestampMs, rules);
                return seen.result(count, recordBytes);
            }
            bufferScan.scan(batch, from, count, baseTimestampMs, seen);
            return seen.result(count, batch.limit() - (long) from);
        } catch (TooLongException e) {
            return new BatchCheck.TooLong(rules.maxRecordBytes());
        } catch (MalformedBatchException e) {
            return invalid(String.valueOf(e.getMessage()));
        } catch (IndexOutOfBoundsException e) {
            return invalid("the records end too early");
        }
    }

    private long decompress(ByteBuffer records, Codec codec, int count, long baseTimestampMs,
            BatchRules rules) {
        try (InputStream in = codec.decompress(records, buffers)) {
            return streamScan.scan(in, count, baseTimestampMs, rules.maxRecordBytes(), seen);
        } catch (MalformedBatchException | TooLongException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new MalformedBatchException(
                    "the records cannot be decompressed as " + codec + ": " + e, e);
        }
    }

    private static BatchCheck.Invalid corrupt(String detail) {
        return new BatchCheck.Invalid(Refusal.CORRUPT_BATCH, detail, List.of());
    }

    private static BatchCheck.Invalid invalid(String detail) {
        return new BatchCheck.Invalid(Refusal.INVALID_RECORD, detail, List.of());
    }

    /** Releases the decompression buffers. */
    @Override
    public void close() {
        buffers.close();
    }
}
