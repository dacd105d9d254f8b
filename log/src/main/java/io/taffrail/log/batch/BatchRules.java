package io.taffrail.log.batch;

/**
 * What a log asks of client batches beyond the format.
 *
 * @param requireKeys
 *            whether every record needs a key, as in compacted topics
 * @param earliestMs
 *            smallest timestamp a record may have, if it has one; {@link Long#MIN_VALUE} for any
 * @param latestMs
 *            largest timestamp a record may have; {@link Long#MAX_VALUE} for any
 * @param maxRecordBytes
 *            most bytes the records may have decompressed: what one batch can cost in time
 */
public record BatchRules(boolean requireKeys, long earliestMs, long latestMs, long maxRecordBytes) {

    /** Half a gibibyte. */
    public static final long DEFAULT_MAX_RECORD_BYTES = 512L << 20;

    /** The format alone. */
    public static final BatchRules FORMAT = new BatchRules(false, Long.MIN_VALUE, Long.MAX_VALUE,
            DEFAULT_MAX_RECORD_BYTES);

    /** With timestamps at most so much before and after {@code nowMs} (Kafka's create time). */
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
