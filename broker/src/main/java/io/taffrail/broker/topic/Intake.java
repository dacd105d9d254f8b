package io.taffrail.broker.topic;

/**
 * What a topic asks of batches before they are appended.
 *
 * @param maxMessageBytes
 *            largest batch as stored, {@code max.message.bytes}
 * @param timestampBeforeMaxMs
 *            how far a record's timestamp may lie behind the broker's clock
 * @param timestampAfterMaxMs
 *            how far a record's timestamp may lie ahead of the broker's clock
 * @param compressionLevel
 *            for {@code compression}, where that has levels
 * @param keysRequired
 *            the topic is compacted: a record without a key is refused
 */
public record Intake(
        int maxMessageBytes,
        TimestampType timestampType,
        long timestampBeforeMaxMs,
        long timestampAfterMaxMs,
        CompressionType compression,
        int compressionLevel,
        boolean keysRequired) {}
