package io.taffrail.log.batch;

/**
 * The rules that a log applies to clients' batches in addition to the format.
 *
 * @param requireKeys
 *            true if every record needs a key, as in a compacted topic
 * @param earliestMs
 *            smallest allowed timestamp of a record that has one;
 *            {@link Long#MIN_VALUE} for no limit
 * @param latestMs
 *            largest allowed timestamp of a record; {@link Long#MAX_VALUE} for no limit
 * @param maxRecordBytes
 *            maximum size of the records, decompressed; bounds the time that one batch can take
 */
public record BatchRules(boolean requireKeys, long earliestMs, long latestMs, long maxRecordBytes) {

    /** 512 MiB. */
    public static final long DEFAULT_MAX_RECORD_BYTES = 512L << 20;

    /** The rules of the format alone. */
    public static final BatchRules FORMAT = new BatchRules(false, Long.MIN_VALUE, Long.MAX_VALUE,
            DEFAULT_MAX_RECORD_BYTES);

    /**
     * Returns these rules with timestamps limited to {@code beforeMaxMs}
     * before and {@code afterMaxMs} after {@code nowMs}, as Kafka limits create time.
     */
    public BatchRules withTimestampsAround(long nowMs, long beforeMaxMs, long afterMaxMs) {
        long earliest = beforeMaxMs > nowMs ? Long.MIN_VALUE : nowMs - beforeMaxMs;
        long latest = afterMaxMs > Long.MAX_VALUE - nowMs ? Long.MAX_VALUE : nowMs + afterMaxMs;
        return new BatchRules(requireKeys, earliest, latest, maxRecordBytes);
    }

    public BatchRules withRequireKeys(boolean required) {
        return new BatchRules(required, earliestMs, latestMs, maxRecordBytes);
    }

    public BatchRules withMaxRecordBytes(long bytes) {
        return new BatchRules(requireKeys, earliestMs, latestMs, bytes);
    }
}
