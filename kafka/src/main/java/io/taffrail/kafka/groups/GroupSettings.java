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
        @Key(value = "group.coordinator.threads", byDefault = "1", doc = "Threads of the group coordinator. One serves about ten thousand requests per second.") int coordinatorThreads,
        @Key(value = "group.coordinator.background.threads", byDefault = "1", doc = "Threads that match subscribed patterns and compute assignments of the consumer protocol.") int backgroundThreads,
        @Key(value = "group.coordinator.append.linger.ms", byDefault = "-1", doc = "Time for which writes are gathered before they are appended, in milliseconds; -1: while more requests wait.") int appendLingerMs,
        @Key(value = "group.coordinator.cached.buffer.max.bytes", byDefault = "1048588", doc = "Maximum size of a write buffer that is kept for reuse, in bytes.") int cachedBufferMaxBytes,
        @Key(value = "group.min.session.timeout.ms", byDefault = "6000", doc = "Minimum session timeout of members of classic groups, in milliseconds.") int minSessionTimeoutMs,
        @Key(value = "group.max.session.timeout.ms", byDefault = "1800000", doc = "Maximum session timeout of members of classic groups, in milliseconds.") int maxSessionTimeoutMs,
        @Key(value = "group.initial.rebalance.delay.ms", byDefault = "3000", doc = "Time for which the first rebalance of an empty classic group waits for more members, in milliseconds.") int initialRebalanceDelayMs,
        @Key(value = "group.max.size", byDefault = "2147483647", doc = "Maximum number of members of a classic group.") int maxSize,
        @Key(value = "group.consumer.session.timeout.ms", byDefault = "45000", doc = "Time without a heartbeat after which a member of the consumer protocol is removed, in milliseconds.") int consumerSessionTimeoutMs,
        @Key(value = "group.consumer.min.session.timeout.ms", byDefault = "45000", doc = "Minimum session timeout in the settings of a group, in milliseconds.") int consumerMinSessionTimeoutMs,
        @Key(value = "group.consumer.max.session.timeout.ms", byDefault = "60000", doc = "Maximum session timeout in the settings of a group, in milliseconds.") int consumerMaxSessionTimeoutMs,
        @Key(value = "group.consumer.heartbeat.interval.ms", byDefault = "5000", doc = "Heartbeat interval of members of the consumer protocol, in milliseconds.") int consumerHeartbeatIntervalMs,
        @Key(value = "group.consumer.min.heartbeat.interval.ms", byDefault = "5000", doc = "Minimum heartbeat interval in the settings of a group, in milliseconds.") int consumerMinHeartbeatIntervalMs,
        @Key(value = "group.consumer.max.heartbeat.interval.ms", byDefault = "15000", doc = "Maximum heartbeat interval in the settings of a group, in milliseconds.") int consumerMaxHeartbeatIntervalMs,
        @Key(value = "group.consumer.max.size", byDefault = "2147483647", doc = "Maximum number of members of a group of the consumer protocol.") int consumerMaxSize,
        @Key(value = "group.consumer.assignors", byDefault = "uniform,range", doc = "Assignors of the consumer protocol, separated by commas; the first is the default.") String consumerAssignors,
        @Key(value = "group.consumer.migration.policy", byDefault = "bidirectional", doc = "Groups with members that may change their protocol: bidirectional, upgrade, downgrade or disabled.") String consumerMigrationPolicy,
        @Key(value = "group.consumer.assignment.interval.ms", byDefault = "1000", doc = "Minimum time between two assignments of a group, in milliseconds.") int consumerAssignmentIntervalMs,
        @Key(value = "group.consumer.min.assignment.interval.ms", byDefault = "0", doc = "Minimum assignment interval in the settings of a group, in milliseconds.") int consumerMinAssignmentIntervalMs,
        @Key(value = "group.consumer.max.assignment.interval.ms", byDefault = "15000", doc = "Maximum assignment interval in the settings of a group, in milliseconds.") int consumerMaxAssignmentIntervalMs,
        @Key(value = "group.consumer.assignor.offload.enable", byDefault = "true", doc = "Whether assignments are computed on a background thread.") boolean consumerAssignorOffload,
        @Key(value = "group.consumer.regex.refresh.interval.ms", byDefault = "600000", doc = "Interval at which subscribed patterns are matched again, in milliseconds.") int consumerRegexRefreshIntervalMs,
        @Key(value = "offsets.topic.num.partitions", byDefault = "50", doc = "Number of partitions of the topic that stores groups; applied when the topic is created.") int offsetsPartitions,
        @Key(value = "offsets.topic.segment.bytes", byDefault = "104857600", doc = "Segment size of the topic that stores groups, in bytes; applied when the topic is created.") int offsetsSegmentBytes,
        @Key(value = "offsets.topic.compression.codec", byDefault = "0", doc = "Compression of the topic that stores groups: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd.") int offsetsCompression,
        @Key(value = "offsets.load.buffer.size", byDefault = "5242880", doc = "Bytes read at once when groups are loaded.") int offsetsLoadBufferBytes,
        @Key(value = "offsets.commit.timeout.ms", byDefault = "5000", doc = "Time after which a group's write that is not durable is answered with an error, in milliseconds.") int offsetsCommitTimeoutMs,
        @Key(value = "offset.metadata.max.bytes", byDefault = "4096", doc = "Maximum size of the metadata of a committed offset, in bytes.") int offsetMetadataMaxBytes,
        @Key(value = "offsets.retention.minutes", byDefault = "10080", doc = "Time for which committed offsets outlive the group's last member, or for a consumer without group membership its last commit, in minutes.") int offsetsRetentionMinutes,
        @Key(value = "offsets.retention.check.interval.ms", byDefault = "600000", doc = "Interval at which offsets are checked for expiry, in milliseconds.") long offsetsRetentionCheckIntervalMs) {

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
