package io.taffrail.broker;

import io.taffrail.log.Durability;
import io.taffrail.log.config.Key;
import java.util.OptionalLong;

/** The settings of the broker as a whole, by Kafka's names where Kafka has them. */
public record BrokerConfig(
        @Key(value = "node.id", byDefault = "1", doc = "Number of this node.") int nodeId,
        @Key(value = "num.partitions", byDefault = "1", doc = "Partitions of a topic created without a number.") int numPartitions,
        @Key(value = "auto.create.topics.enable", byDefault = "true", doc = "Whether a topic is created when a client first asks for it.") boolean autoCreateTopics,
        @Key(value = "delete.topic.enable", byDefault = "true", doc = "Whether topics may be deleted.") boolean deleteTopics,
        @Key(value = "max.partitions", byDefault = "100000", doc = "Most partitions of all topics together.") int maxPartitions,
        @Key(value = "log.durability", byDefault = "fsync", doc = "What an acknowledged record has survived: fsync (on disk), os (handed to the operating system), memory (kept until the broker stops). Topics override it with 'durability'.") Durability durability,
        @Key(value = "log.retention.ms", doc = "How long records are kept, in milliseconds; -1: for ever. Goes before log.retention.minutes and log.retention.hours.") OptionalLong retentionMs,
        @Key(value = "log.retention.minutes", doc = "How long records are kept, in minutes; goes before log.retention.hours.") OptionalLong retentionMinutes,
        @Key(value = "log.retention.hours", byDefault = "168", doc = "How long records are kept, in hours; -1: for ever.") long retentionHours,
        @Key(value = "log.retention.bytes", byDefault = "-1", doc = "How many bytes of a partition are kept; -1: no limit.") long retentionBytes,
        @Key(value = "log.retention.check.interval.ms", byDefault = "300000", doc = "How often retention is applied, in milliseconds.") long retentionCheckIntervalMs,
        @Key(value = "log.segment.bytes", byDefault = "1073741824", doc = "Size at which a segment is closed and the next begun.") int segmentBytes,
        @Key(value = "log.roll.ms", doc = "Age at which a segment is closed, in milliseconds; goes before log.roll.hours.") OptionalLong rollMs,
        @Key(value = "log.roll.hours", byDefault = "168", doc = "Age at which a segment is closed, in hours.") long rollHours,
        @Key(value = "log.roll.jitter.ms", byDefault = "0", doc = "How much earlier a segment may be closed, spread over partitions, in milliseconds.") long rollJitterMs,
        @Key(value = "log.index.interval.bytes", byDefault = "4096", doc = "Bytes of records between two entries of an offset index.") int indexIntervalBytes,
        @Key(value = "log.index.size.max.bytes", byDefault = "10485760", doc = "Largest offset index; a segment is closed before its index would exceed it.") int indexMaxBytes,
        @Key(value = "log.cleanup.policy", byDefault = "delete", doc = "delete, compact, or both with a comma between.") String cleanupPolicy,
        @Key(value = "log.cleaner.delete.retention.ms", byDefault = "86400000", doc = "How long a tombstone stays readable after it was first cleaned, in milliseconds.") long deleteRetentionMs,
        @Key(value = "log.cleaner.min.compaction.lag.ms", byDefault = "0", doc = "Records younger than this are not compacted, in milliseconds.") long minCompactionLagMs,
        @Key(value = "log.cleaner.max.compaction.lag.ms", byDefault = "9223372036854775807", doc = "Records older than this are compacted whatever the dirty ratio, in milliseconds.") long maxCompactionLagMs,
        @Key(value = "log.cleaner.min.cleanable.ratio", byDefault = "0.5", doc = "Part of a log that must be dirty before it is compacted, 0 to 1.") double minCleanableRatio,
        @Key(value = "message.max.bytes", byDefault = "1048588", doc = "Largest batch taken.") int messageMaxBytes,
        @Key(value = "log.message.timestamp.type", byDefault = "CreateTime", doc = "CreateTime or LogAppendTime.") String timestampType,
        @Key(value = "log.message.timestamp.before.max.ms", byDefault = "9223372036854775807", doc = "How far a record's timestamp may lie behind the broker's clock, in milliseconds.") long timestampBeforeMaxMs,
        @Key(value = "log.message.timestamp.after.max.ms", byDefault = "3600000", doc = "How far a record's timestamp may lie ahead of the broker's clock, in milliseconds.") long timestampAfterMaxMs,
        @Key(value = "compression.type", byDefault = "producer", doc = "producer (kept as sent), uncompressed, gzip, snappy, lz4 or zstd.") String compressionType,
        @Key(value = "compression.gzip.level", byDefault = "-1", doc = "Level of gzip where the broker compresses.") int gzipLevel,
        @Key(value = "compression.lz4.level", byDefault = "9", doc = "Level of lz4 where the broker compresses.") int lz4Level,
        @Key(value = "compression.zstd.level", byDefault = "3", doc = "Level of zstd where the broker compresses.") int zstdLevel,
        @Key(value = "min.insync.replicas", byDefault = "1", doc = "Replicas that must have a record before it is acknowledged; on one node never more than that one.") int minInsyncReplicas,
        @Key(value = "producer.id.expiration.ms", byDefault = "86400000", doc = "An idempotent producer is forgotten so long after its last record, in milliseconds.") int producerIdExpirationMs,
        @Key(value = "queue.consumer.timeout.ms", byDefault = "1800000", doc = "How long a consumer may hold a delivery before its channel is closed, in milliseconds; 0: for ever. Queues and consumers override it with 'x-consumer-timeout'.") long consumerTimeoutMs) {

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
