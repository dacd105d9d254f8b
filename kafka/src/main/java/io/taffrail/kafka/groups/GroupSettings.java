package io.taffrail.kafka.groups;

import io.taffrail.log.config.Key;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Settings of consumer groups, under Kafka's names and with Kafka's defaults except for the
 * threads.
 */
public record GroupSettings(
        @Key(value = "group.coordinator.threads", byDefault = "1", doc = "Threads that run groups. One serves some ten thousand requests a second.") int coordinatorThreads,
        @Key(value = "group.coordinator.background.threads", byDefault = "1", doc = "Threads that match subscribed patterns and compute assignments of the consumer protocol.") int backgroundThreads,
        @Key(value = "group.coordinator.append.linger.ms", byDefault = "-1", doc = "How long writes are gathered before they are appended, in milliseconds; -1: while more requests wait.") int appendLingerMs,
        @Key(value = "group.coordinator.cached.buffer.max.bytes", byDefault = "1048588", doc = "Largest write buffer kept for reuse.") int cachedBufferMaxBytes,
        @Key(value = "group.min.session.timeout.ms", byDefault = "6000", doc = "Shortest session timeout a member of a classic group may ask for, in milliseconds.") int minSessionTimeoutMs,
        @Key(value = "group.max.session.timeout.ms", byDefault = "1800000", doc = "Longest session timeout a member of a classic group may ask for, in milliseconds.") int maxSessionTimeoutMs,
        @Key(value = "group.initial.rebalance.delay.ms", byDefault = "3000", doc = "How long the first rebalance of an empty classic group waits for more members, in milliseconds.") int initialRebalanceDelayMs,
        @Key(value = "group.max.size", byDefault = "2147483647", doc = "Most members of a classic group.") int maxSize,
        @Key(value = "group.consumer.session.timeout.ms", byDefault = "45000", doc = "A member of the consumer protocol that is silent so long is removed, in milliseconds.") int consumerSessionTimeoutMs,
        @Key(value = "group.consumer.min.session.timeout.ms", byDefault = "45000", doc = "Shortest session timeout a group may be given, in milliseconds.") int consumerMinSessionTimeoutMs,
        @Key(value = "group.consumer.max.session.timeout.ms", byDefault = "60000", doc = "Longest session timeout a group may be given, in milliseconds.") int consumerMaxSessionTimeoutMs,
        @Key(value = "group.consumer.heartbeat.interval.ms", byDefault = "5000", doc = "How often members of the consumer protocol are asked to send heartbeats, in milliseconds.") int consumerHeartbeatIntervalMs,
        @Key(value = "group.consumer.min.heartbeat.interval.ms", byDefault = "5000", doc = "Shortest heartbeat interval a group may be given, in milliseconds.") int consumerMinHeartbeatIntervalMs,
        @Key(value = "group.consumer.max.heartbeat.interval.ms", byDefault = "15000", doc = "Longest heartbeat interval a group may be given, in milliseconds.") int consumerMaxHeartbeatIntervalMs,
        @Key(value = "group.consumer.max.size", byDefault = "2147483647", doc = "Most members of a group of the consumer protocol.") int consumerMaxSize,
        @Key(value = "group.consumer.assignors", byDefault = "uniform,range", doc = "Assignors of the consumer protocol, with commas between; the first is the default.") String consumerAssignors,
        @Key(value = "group.consumer.migration.policy", byDefault = "bidirectional", doc = "Which groups may change protocol while members are there: bidirectional, upgrade, downgrade or disabled.") String consumerMigrationPolicy,
        @Key(value = "group.consumer.assignment.interval.ms", byDefault = "1000", doc = "Shortest time between two assignments of a group, in milliseconds.") int consumerAssignmentIntervalMs,
        @Key(value = "group.consumer.min.assignment.interval.ms", byDefault = "0", doc = "Shortest assignment interval a group may be given, in milliseconds.") int consumerMinAssignmentIntervalMs,
        @Key(value = "group.consumer.max.assignment.interval.ms", byDefault = "15000", doc = "Longest assignment interval a group may be given, in milliseconds.") int consumerMaxAssignmentIntervalMs,
        @Key(value = "group.consumer.assignor.offload.enable", byDefault = "true", doc = "Whether assignments are computed on a background thread.") boolean consumerAssignorOffload,
        @Key(value = "group.consumer.regex.refresh.interval.ms", byDefault = "600000", doc = "How often subscribed patterns are matched anew, in milliseconds.") int consumerRegexRefreshIntervalMs,
        @Key(value = "offsets.topic.num.partitions", byDefault = "50", doc = "Partitions of the topic that keeps groups; read when the topic is created.") int offsetsPartitions,
        @Key(value = "offsets.topic.segment.bytes", byDefault = "104857600", doc = "Segment size of the topic that keeps groups; read when the topic is created.") int offsetsSegmentBytes,
        @Key(value = "offsets.topic.compression.codec", byDefault = "0", doc = "Compression of the topic that keeps groups: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd.") int offsetsCompression,
        @Key(value = "offsets.load.buffer.size", byDefault = "5242880", doc = "Bytes read at once when groups are loaded.") int offsetsLoadBufferBytes,
        @Key(value = "offsets.commit.timeout.ms", byDefault = "5000", doc = "A write of a group that is not durable after this time is answered with an error, in milliseconds.") int offsetsCommitTimeoutMs,
        @Key(value = "offset.metadata.max.bytes", byDefault = "4096", doc = "Largest text that may go with a committed offset.") int offsetMetadataMaxBytes,
        @Key(value = "offsets.retention.minutes", byDefault = "10080", doc = "How long committed offsets outlive the group's last member, or for a consumer without group membership its last commit, in minutes.") int offsetsRetentionMinutes,
        @Key(value = "offsets.retention.check.interval.ms", byDefault = "600000", doc = "How often offsets are checked for expiry, in milliseconds.") long offsetsRetentionCheckIntervalMs) {

    /** The default settings. */
    public static GroupSettings defaults() {
        return of(Map.of());
    }

    /**
     * The default settings, overridden by the given values.
     *
     * @param values
     *            text by key
     * @throws IllegalArgumentException
     *             if a key is unknown or a value is not of its type
     */
    public static GroupSettings of(Map<String, String> values) {
        Map<String, String> left = new LinkedHashMap<>(values);
        RecordComponent[] components = GroupSettings.class.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            Key key = components[i].getAnnotation(Key.class);
            String given = left.remove(key.value());
            types[i] = components[i].getType();
            arguments[i] = parse(types[i], given == null ? key.byDefault() : given);
        }
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("not settings of groups: " + left.keySet());
        }
        try {
            Constructor<GroupSettings> constructor = GroupSettings.class
                    .getDeclaredConstructor(types);
            return constructor.newInstance(arguments);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the record has no canonical constructor", e);
        }
    }

    private static Object parse(Class<?> type, String text) {
        if (type == int.class) {
            return Integer.valueOf(text);
        }
        if (type == long.class) {
            return Long.valueOf(text);
        }
        return type == boolean.class ? Boolean.valueOf(text) : text;
    }

    /** Every value by its key, as Kafka's configuration classes expect them. */
    Map<String, Object> byKey() {
        Map<String, Object> values = new LinkedHashMap<>();
        for (RecordComponent component : GroupSettings.class.getRecordComponents()) {
            try {
                values.put(component.getAnnotation(Key.class).value(),
                        component.getAccessor().invoke(this));
            } catch (ReflectiveOperationException e) {
                throw new LinkageError("no accessor of " + component.getName(), e);
            }
        }
        return values;
    }
}
