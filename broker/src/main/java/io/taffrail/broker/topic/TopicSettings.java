package io.taffrail.broker.topic;

import static io.taffrail.broker.topic.SettingRule.bool;
import static io.taffrail.broker.topic.SettingRule.listOf;
import static io.taffrail.broker.topic.SettingRule.oneOf;
import static io.taffrail.broker.topic.SettingRule.only;
import static io.taffrail.broker.topic.SettingRule.ratio;
import static io.taffrail.broker.topic.SettingRule.throttledReplicas;
import static io.taffrail.broker.topic.SettingRule.wholeInt;
import static io.taffrail.broker.topic.SettingRule.wholeLong;

import io.taffrail.broker.BrokerConfig;
import io.taffrail.broker.topic.TopicSetting.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The table of all topic settings. As in Kafka, other names are refused. A setting that affects how
 * records are stored or read is supported or refused. A setting that only tunes Kafka's
 * implementation is accepted, stored and listed, so that a topic can be created with the settings
 * it has elsewhere. Names and limits are those of Kafka 4.4.
 */
public final class TopicSettings {

    private static final String NO_TIERS = "Taffrail keeps records on this node's disk only";

    private static final List<TopicSetting> ALL = List.of(
            of("cleanup.policy", Kind.LIST, BrokerConfig::cleanupPolicy,
                    listOf("compact", "delete"),
                    "What becomes of old records: delete drops whole old segments, compact keeps the"
                            + " last record of each key.")
                    .follows("log.cleanup.policy"),
            of("compression.gzip.level", Kind.INT, c -> c.gzipLevel(), levelOfGzip(),
                    "Level of gzip where the broker compresses: 1 to 9, or -1.")
                    .follows("compression.gzip.level"),
            of("compression.lz4.level", Kind.INT, c -> c.lz4Level(), wholeInt(1, 17),
                    "Level of lz4 where the broker compresses.").follows("compression.lz4.level"),
            of("compression.type", Kind.STRING, BrokerConfig::compressionType,
                    oneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer"),
                    "How batches are kept: producer keeps them as sent; any other value has the"
                            + " broker compress anew what came otherwise.")
                    .follows("compression.type"),
            of("compression.zstd.level", Kind.INT, c -> c.zstdLevel(), wholeInt(-131_072, 22),
                    "Level of zstd where the broker compresses.").follows("compression.zstd.level"),
            of("delete.retention.ms", Kind.LONG, c -> c.deleteRetentionMs(), wholeLong(0),
                    "How long a tombstone of a compacted topic stays readable, in milliseconds.")
                    .follows("log.cleaner.delete.retention.ms"),
            of("durability", Kind.STRING,
                    c -> DurabilityNames.text(c.durability()), oneOf("fsync", "os", "memory"),
                    "What an acknowledged record has survived: fsync is on disk, os is handed to the"
                            + " operating system, memory is kept until the broker stops. Kafka's tools"
                            + " set it by the name flush.messages.")
                    .follows("log.durability"),
            fixed("file.delete.delay.ms", Kind.LONG, "60000", wholeLong(0),
                    "Time readers are given before a dropped segment's file is deleted. Files are"
                            + " deleted when their last reader is done, however long that is."),
            of("flush.messages", Kind.LONG,
                    c -> DurabilityNames.flushMessages(c.durability()), wholeLong(1),
                    "Kafka's name for the durability: 9223372036854775807 is os, any other number"
                            + " fsync, which has each record on disk before it is acknowledged."),
            fixed("flush.ms", Kind.LONG, "9223372036854775807", wholeLong(0),
                    "Time after which a force to disk is due. With durability fsync each record is on"
                            + " disk before it is acknowledged, which is stronger."),
            fixed("follower.replication.throttled.replicas", Kind.LIST, "", throttledReplicas(),
                    "Replicas whose copying is throttled; one node copies nothing."),
            of("index.interval.bytes", Kind.INT, c -> c.indexIntervalBytes(), wholeInt(0),
                    "Bytes of records between two entries of the offset index.")
                    .follows("log.index.interval.bytes"),
            of("internal.segment.bytes", Kind.INT, c -> c.segmentBytes(), wholeInt(14),
                    "segment.bytes without its lower limit, for tests.").asHidden(),
            fixed("leader.replication.throttled.replicas", Kind.LIST, "", throttledReplicas(),
                    "Replicas whose copying is throttled; one node copies nothing."),
            fixed("local.retention.bytes", Kind.LONG, "-2", wholeLong(-2),
                    "Bytes kept locally of a tiered topic; -2: as retention.bytes. No topic is"
                            + " tiered."),
            fixed("local.retention.ms", Kind.LONG, "-2", wholeLong(-2),
                    "Time kept locally of a tiered topic; -2: as retention.ms. No topic is tiered."),
            of("max.compaction.lag.ms", Kind.LONG, c -> c.maxCompactionLagMs(), wholeLong(1),
                    "Records older than this are compacted whatever the dirty ratio, in milliseconds.")
                    .follows("log.cleaner.max.compaction.lag.ms"),
            of("max.message.bytes", Kind.INT, c -> c.messageMaxBytes(), wholeInt(0),
                    "Largest batch taken, as stored.").follows("message.max.bytes"),
            of("message.timestamp.after.max.ms", Kind.LONG, c -> c.timestampAfterMaxMs(),
                    wholeLong(0),
                    "How far a record's timestamp may lie ahead of the broker's clock.")
                    .follows("log.message.timestamp.after.max.ms"),
            of("message.timestamp.before.max.ms", Kind.LONG, c -> c.timestampBeforeMaxMs(),
                    wholeLong(0),
                    "How far a record's timestamp may lie behind the broker's clock.")
                    .follows("log.message.timestamp.before.max.ms"),
            of("message.timestamp.type", Kind.STRING, BrokerConfig::timestampType,
                    oneOf("CreateTime", "LogAppendTime"),
                    "Whether a record's timestamp is the producer's or the time of the append.")
                    .follows("log.message.timestamp.type"),
            of("min.cleanable.dirty.ratio", Kind.DOUBLE, c -> c.minCleanableRatio(), ratio(),
                    "Part of a log that must be dirty before it is compacted.")
                    .follows("log.cleaner.min.cleanable.ratio"),
            of("min.compaction.lag.ms", Kind.LONG, c -> c.minCompactionLagMs(), wholeLong(0),
                    "Records younger than this are not compacted, in milliseconds.")
                    .follows("log.cleaner.min.compaction.lag.ms"),
            of("min.insync.replicas", Kind.INT, c -> c.minInsyncReplicas(), wholeInt(1),
                    "Replicas that must have a record before it is acknowledged; never more than"
                            + " there are, and on one node there is one.")
                    .follows("min.insync.replicas"),
            fixed("preallocate", Kind.BOOLEAN, "false", bool(),
                    "Whether a segment's file is preallocated. Segments never are; the journal always"
                            + " is."),
            fixed("remote.log.copy.disable", Kind.BOOLEAN, "false", bool(),
                    "Whether a tiered topic stops copying to the remote tier. No topic is tiered."),
            fixed("remote.log.delete.on.disable", Kind.BOOLEAN, "false", bool(),
                    "Whether leaving the remote tier deletes what is there. No topic is tiered."),
            fixed("remote.storage.enable", Kind.BOOLEAN, "false", only(false, NO_TIERS),
                    "Whether old segments go to a remote tier."),
            of("retention.bytes", Kind.LONG, c -> c.retentionBytes(), wholeLong(-1),
                    "Bytes kept of each partition; -1: no limit.").follows("log.retention.bytes"),
            of("retention.ms", Kind.LONG, InheritedTimes::retentionMs, wholeLong(-1),
                    "How long records are kept, in milliseconds; -1: for ever.")
                    .follows("log.retention.ms", "log.retention.minutes", "log.retention.hours"),
            of("segment.bytes", Kind.INT, c -> c.segmentBytes(), wholeInt(1 << 20),
                    "Size at which a segment is closed and the next begun.")
                    .follows("log.segment.bytes"),
            of("segment.index.bytes", Kind.INT, c -> c.indexMaxBytes(), wholeInt(4),
                    "Largest offset index; a segment is closed before its index would exceed it.")
                    .follows("log.index.size.max.bytes"),
            of("segment.jitter.ms", Kind.LONG, c -> c.rollJitterMs(), wholeLong(0),
                    "How much earlier a segment may be closed, spread over partitions.")
                    .follows("log.roll.jitter.ms"),
            of("segment.ms", Kind.LONG, InheritedTimes::segmentMs, wholeLong(1),
                    "Age at which a segment is closed, in milliseconds.")
                    .follows("log.roll.ms", "log.roll.hours"),
            fixed("unclean.leader.election.enable", Kind.BOOLEAN, "false", bool(),
                    "Whether a replica that lags may lead; one node has no other replica."));

    private static final Map<String, TopicSetting> BY_NAME = ALL.stream()
            .collect(Collectors.toUnmodifiableMap(TopicSetting::name, Function.identity()));

    private TopicSettings() {}

    /** All settings, by name. */
    public static List<TopicSetting> all() {
        return ALL;
    }

    public static Optional<TopicSetting> find(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    private static TopicSetting of(String name, Kind kind, Function<BrokerConfig, Object> inherited,
            SettingRule rule, String doc) {
        return new TopicSetting(name, kind, List.of(), inherited.andThen(String::valueOf), rule,
                false, doc);
    }

    private static TopicSetting fixed(String name, Kind kind, String byDefault, SettingRule rule,
            String doc) {
        return new TopicSetting(name, kind, List.of(), config -> byDefault, rule, false, doc);
    }

    private static SettingRule levelOfGzip() {
        SettingRule one = wholeInt(1, 9);
        return (name, value) -> {
            if (!value.strip().equals("-1")) {
                one.check(name, value);
            }
        };
    }
}
