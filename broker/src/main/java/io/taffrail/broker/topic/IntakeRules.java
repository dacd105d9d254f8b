package io.taffrail.broker.topic;

/**
 * The checks and conversions of a topic for incoming batches.
 *
 * @param maxMessageBytes
 *            largest batch as stored, in bytes ({@code max.message.bytes})
 * @param timestampBeforeMaxMs
 *            how far a record's timestamp may lie behind the broker's clock
 * @param timestampAfterMaxMs
 *            how far a record's timestamp may lie ahead of the broker's clock
 * @param compressionLevel
 *            level for {@code compression}, where that has levels
 * @param keysRequired
 *            whether records without a key are refused, because the topic is compacted
 */
public record IntakeRules(
        int maxMessageBytes,
        TimestampType timestampType,
        long timestampBeforeMaxMs,
        long timestampAfterMaxMs,
        CompressionType compression,
        int compressionLevel,
        boolean keysRequired) {}
