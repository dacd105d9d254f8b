package io.taffrail.broker.topic;

import io.taffrail.log.CompactionOptions;
import io.taffrail.log.Durability;
import io.taffrail.log.LogOptions;
import io.taffrail.log.config.ByteSize;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The resolver of overrides and inherited defaults to a {@link TopicConfig}. */
final class TopicConfigs {

    /** Longest value of one setting, in characters. */
    static final int MAX_VALUE_LENGTH = 16_000;

    private final Supplier<TopicDefaults> defaults;

    /**
     * @param defaults
     *            supplies the current defaults
     */
    TopicConfigs(Supplier<TopicDefaults> defaults) {
        this.defaults = defaults;
    }

    /**
     * Resolves the settings of a topic.
     *
     * @throws InvalidSettingException
     *             if a setting is unknown or invalid
     */
    TopicConfig resolve(Map<String, String> overrides) {
        for (Map.Entry<String, String> override : overrides.entrySet()) {
            TopicSetting setting = TopicSettings.find(override.getKey())
                    .orElseThrow(() -> new InvalidSettingException(
                            "Unknown topic config name: " + override.getKey()));
            if (override.getValue().length() > MAX_VALUE_LENGTH) {
                throw new InvalidSettingException("The value of " + override.getKey()
                        + " is longer than " + MAX_VALUE_LENGTH + " characters");
            }
            setting.check(override.getValue());
        }
        Values values = new Values(overrides, defaults.get());
        return new TopicConfig(Collections.unmodifiableMap(new TreeMap<>(overrides)),
                logOptions(values), intake(values), values.number("segment.jitter.ms"));
    }

    private static LogOptions logOptions(Values values) {
        List<String> policies = SettingRule.items(values.text("cleanup.policy"));
        return new LogOptions(
                values.durability(),
                segmentSize(values),
                millis(values.number("segment.ms")),
                (int) values.number("index.interval.bytes"),
                limit(values.number("retention.bytes")),
                limit(values.number("retention.ms")),
                policies.contains("delete"),
                compaction(values, policies.contains("compact")),
                values.defaults.producerExpiry());
    }

    /**
     * The segment size. As in Kafka a full index closes a segment: it has 8 bytes for each
     * interval.
     */
    private static ByteSize segmentSize(Values values) {
        long wanted = values.overridden("internal.segment.bytes")
                ? values.number("internal.segment.bytes")
                : values.number("segment.bytes");
        long entries = Math.max(1, values.number("segment.index.bytes") / 8);
        long interval = values.number("index.interval.bytes");
        long indexed = interval == 0 ? Long.MAX_VALUE : Math.multiplyExact(entries, interval);
        return new ByteSize(Math.min(wanted, indexed));
    }

    private static CompactionOptions compaction(Values values, boolean enabled) {
        long minLagMs = values.number("min.compaction.lag.ms");
        long maxLagMs = values.number("max.compaction.lag.ms");
        if (minLagMs > maxLagMs) {
            throw new InvalidSettingException(
                    "conflict topic config setting min.compaction.lag.ms ("
                            + minLagMs + ") > max.compaction.lag.ms (" + maxLagMs + ")");
        }
        return new CompactionOptions(enabled, values.fraction("min.cleanable.dirty.ratio"),
                millis(minLagMs), millis(maxLagMs), millis(values.number("delete.retention.ms")));
    }

    private static IntakeRules intake(Values values) {
        CompressionType compression = CompressionType
                .valueOf(values.text("compression.type").toUpperCase(Locale.ROOT));
        int level = switch (compression) {
            case GZIP -> (int) values.number("compression.gzip.level");
            case LZ4 -> (int) values.number("compression.lz4.level");
            case ZSTD -> (int) values.number("compression.zstd.level");
            case PRODUCER, UNCOMPRESSED, SNAPPY -> 0;
        };
        return new IntakeRules((int) values.number("max.message.bytes"),
                values.text("message.timestamp.type").equals("LogAppendTime")
                        ? TimestampType.LOG_APPEND_TIME
                        : TimestampType.CREATE_TIME,
                values.number("message.timestamp.before.max.ms"),
                values.number("message.timestamp.after.max.ms"), compression, level,
                SettingRule.items(values.text("cleanup.policy")).contains("compact"));
    }

    private static Duration millis(long ms) {
        return Duration.ofMillis(ms);
    }

    private static OptionalLong limit(long value) {
        return value < 0 ? OptionalLong.empty() : OptionalLong.of(value);
    }

    /** The effective values by name. */
    private static final class Values {

        private final Map<String, String> overrides;
        private final TopicDefaults defaults;

        Values(Map<String, String> overrides, TopicDefaults defaults) {
            this.overrides = overrides;
            this.defaults = defaults;
        }

        boolean overridden(String name) {
            return overrides.containsKey(name);
        }

        String text(String name) {
            String override = overrides.get(name);
            return override != null
                    ? override.strip()
                    : defaults.inherited(TopicSettings.find(name).orElseThrow());
        }

        long number(String name) {
            return Long.parseLong(text(name));
        }

        Durability durability() {
            return DurabilityNames.durability(overrides, defaults.config().durability());
        }

        double fraction(String name) {
            return Double.parseDouble(text(name));
        }
    }
}
