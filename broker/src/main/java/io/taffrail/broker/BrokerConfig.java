package io.taffrail.broker;

import io.taffrail.log.Durability;
import io.taffrail.log.config.Key;
import java.util.OptionalLong;

/** The settings of the broker as a whole, by Kafka's names where Kafka has them. */
public record BrokerConfig(
        @Key(value = "node.id", byDefault = "1", doc = "Number of this node. A data directory keeps that of its first start.") int nodeId,
        @Key(value = "num.partitions", byDefault = "1", doc = "Number of partitions of a topic that is created without one.") int numPartitions,
        @Key(value = "auto.create.topics.enable", byDefault = "true", doc = "Whether a topic is created when a client first requests it.") boolean autoCreateTopics,
        @Key(value = "delete.topic.enable", byDefault = "true", doc = "Whether topics may be deleted.") boolean deleteTopics,
        @Key(value = "max.partitions", byDefault = "100000", doc = "Maximum number of partitions of all topics.") int maxPartitions,
        @Key(value = "log.durability", byDefault = "fsync", doc = "What an acknowledged record has survived: fsync (on disk), os (handed to the operating system), memory (kept until the broker stops). Topics override it with 'durability'.") Durability durability,
        @Key(value = "log.retention.ms", doc = "Retention time, in milliseconds; -1: unlimited. Takes precedence over log.retention.minutes and log.retention.hours.") OptionalLong retentionMs,
        @Key(value = "log.retention.minutes", doc = "Retention time, in minutes; takes precedence over log.retention.hours.") OptionalLong retentionMinutes,
        @Key(value = "log.retention.hours", byDefault = "168", doc = "Retention time, in hours; -1: unlimited.") long retentionHours,
        @Key(value = "log.retention.bytes", byDefault = "-1", doc = "Retained bytes of a partition; -1: unlimited.") long retentionBytes,
        @Key(value = "log.retention.check.interval.ms", byDefault = "300000", doc = "Interval at which retention is applied, in milliseconds.") long retentionCheckIntervalMs,
        @Key(value = "log.segment.bytes", byDefault = "1073741824", doc = "Size at which a segment is closed and the next one begins, in bytes.") int segmentBytes,
        @Key(value = "log.roll.ms", doc = "Age at which a segment is closed, in milliseconds; takes precedence over log.roll.hours.") OptionalLong rollMs,
        @Key(value = "log.roll.hours", byDefault = "168", doc = "Age at which a segment is closed, in hours.") long rollHours,
        @Key(value = "log.roll.jitter.ms", byDefault = "0", doc = "Maximum time by which a segment may be closed earlier, spread over partitions, in milliseconds.") long rollJitterMs,
        @Key(value = "log.index.interval.bytes", byDefault = "4096", doc = "Bytes of records between two entries of an offset index.") int indexIntervalBytes,
        @Key(value = "log.index.size.max.bytes", byDefault = "10485760", doc = "Maximum size of an index, in bytes; a segment is closed before its index exceeds it.") int indexMaxBytes,
        @Key(value = "log.cleanup.policy", byDefault = "delete", doc = "delete, compact, or both separated by a comma.") String cleanupPolicy,
        @Key(value = "log.cleaner.delete.retention.ms", byDefault = "86400000", doc = "Time for which a tombstone stays readable after it was first cleaned, in milliseconds.") long deleteRetentionMs,
        @Key(value = "log.cleaner.min.compaction.lag.ms", byDefault = "0", doc = "Records younger than this are not compacted, in milliseconds.") long minCompactionLagMs,
        @Key(value = "log.cleaner.max.compaction.lag.ms", byDefault = "9223372036854775807", doc = "Records older than this are compacted at any dirty ratio, in milliseconds.") long maxCompactionLagMs,
        @Key(value = "log.cleaner.min.cleanable.ratio", byDefault = "0.5", doc = "Fraction of a log that must be dirty before it is compacted, 0 to 1.") double minCleanableRatio,
        @Key(value = "message.max.bytes", byDefault = "1048588", doc = "Maximum size of a batch, in bytes.") int messageMaxBytes,
        @Key(value = "log.message.timestamp.type", byDefault = "CreateTime", doc = "CreateTime or LogAppendTime.") String timestampType,
        @Key(value = "log.message.timestamp.before.max.ms", byDefault = "9223372036854775807", doc = "Maximum time by which a record's timestamp may be behind the broker's clock, in milliseconds.") long timestampBeforeMaxMs,
        @Key(value = "log.message.timestamp.after.max.ms", byDefault = "3600000", doc = "Maximum time by which a record's timestamp may be ahead of the broker's clock, in milliseconds.") long timestampAfterMaxMs,
        @Key(value = "compression.type", byDefault = "producer", doc = "producer (kept as sent), uncompressed, gzip, snappy, lz4 or zstd.") String compressionType,
        @Key(value = "compression.gzip.level", byDefault = "-1", doc = "Level of gzip if the broker compresses.") int gzipLevel,
        @Key(value = "compression.lz4.level", byDefault = "9", doc = "Level of lz4 if the broker compresses.") int lz4Level,
        @Key(value = "compression.zstd.level", byDefault = "3", doc = "Level of zstd if the broker compresses.") int zstdLevel,
        @Key(value = "min.insync.replicas", byDefault = "1", doc = "Replicas that must have a record before it is acknowledged; on one node at most that one.") int minInsyncReplicas,
        @Key(value = "producer.id.expiration.ms", byDefault = "86400000", doc = "Time after its last record at which an idempotent producer is forgotten, in milliseconds.") int producerIdExpirationMs,
        @Key(value = "queue.consumer.timeout.ms", byDefault = "1800000", doc = "Time for which a consumer may hold a delivery before its channel is closed, in milliseconds; 0: unlimited. Queues and consumers override it with 'x-consumer-timeout'.") long consumerTimeoutMs) {

    public BrokerConfig {
        atLeast("node.id", nodeId, 0);
        atLeast("num.partitions", numPartitions, 1);
        atLeast("max.partitions", maxPartitions, 1);
        atLeast("log.retention.check.interval.ms", retentionCheckIntervalMs, 1);
        atLeast("producer.id.expiration.ms", producerIdExpirationMs, 1);
        atLeast("queue.consumer.timeout.ms", consumerTimeoutMs, 0);
    }

    private static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    name + ": Value must be at least " + least + ", not " + value);
        }
    }

    /** The defaults of all settings. */
    public static BrokerConfig defaults() {
        return new BrokerConfig(1, 1, true, true, 100_000, Durability.FSYNC, OptionalLong.empty(),
                OptionalLong.empty(), 168, -1, 300_000, 1 << 30, OptionalLong.empty(), 168, 0, 4096,
                10 << 20, "delete", 86_400_000, 0, Long.MAX_VALUE, 0.5, 1_048_588, "CreateTime",
                Long.MAX_VALUE, 3_600_000, "producer", -1, 9, 3, 1, 86_400_000, 1_800_000);
    }
}
