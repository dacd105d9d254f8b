package io.taffrail.broker.topic;

import static io.taffrail.broker.topic.SettingRule.bool;
import static io.taffrail.broker.topic.SettingRule.wholeInt;

import io.taffrail.broker.BrokerConfig;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What topics have where they set nothing: what was set for this node while it ran, else what was
 * set for every node, else the broker's configuration. By the broker's names, like
 * {@code log.retention.ms}. The few other settings that can be changed while the broker runs lie
 * here too; what honours one reads it with {@link #set}.
 */
public record TopicDefaults(BrokerConfig config, Map<String, String> everyNode,
        Map<String, String> thisNode) {

    /** Whom a value is set for; the narrower one wins. */
    public enum Scope {
        EVERY_NODE, THIS_NODE
    }

    /** Taken as one node copies nothing that could be slowed down; tools set and remove them. */
    private static final Set<String> THROTTLES = Set.of("leader.replication.throttled.rate",
            "follower.replication.throttled.rate",
            "replica.alter.log.dirs.io.max.bytes.per.second");

    private static final String PRODUCER_EXPIRY = "producer.id.expiration.ms";

    /** What else can be changed while the broker runs. */
    private static final Map<String, SettingRule> OTHERS = Map.of(
            PRODUCER_EXPIRY, wholeInt(1),
            "group.consumer.assignment.interval.ms", wholeInt(0),
            "group.consumer.assignor.offload.enable", bool(),
            "group.coordinator.cached.buffer.max.bytes", wholeInt(512 * 1024));

    public TopicDefaults {
        everyNode = Map.copyOf(everyNode);
        thisNode = Map.copyOf(thisNode);
    }

    /** Those of a broker where nothing was set while it ran. */
    public static TopicDefaults of(BrokerConfig config) {
        return new TopicDefaults(config, Map.of(), Map.of());
    }

    public Map<String, String> of(Scope scope) {
        return switch (scope) {
            case EVERY_NODE -> everyNode;
            case THIS_NODE -> thisNode;
        };
    }

    TopicDefaults with(Scope scope, Map<String, String> values) {
        return switch (scope) {
            case EVERY_NODE -> new TopicDefaults(config, values, thisNode);
            case THIS_NODE -> new TopicDefaults(config, everyNode, values);
        };
    }

    /** A setting's value where a topic sets none. */
    public String inherited(TopicSetting setting) {
        if (!setting.brokerKeys().isEmpty()) {
            Optional<String> set = set(setting.brokerKeys().getFirst());
            if (set.isPresent()) {
                return set.get();
            }
        }
        return setting.inherited().apply(config);
    }

    /** What was set by this name while the broker ran; the value for this node goes first. */
    public Optional<String> set(String key) {
        @Nullable
        String set = thisNode.getOrDefault(key, everyNode.get(key));
        return Optional.ofNullable(set).map(String::strip);
    }

    /** An idempotent producer is forgotten so long after its last record. */
    Duration producerExpiry() {
        return Duration.ofMillis(set(PRODUCER_EXPIRY).map(Integer::parseInt)
                .orElse(config.producerIdExpirationMs()));
    }

    /** The setting of topics whose default can be changed by this name while the broker runs. */
    public static Optional<TopicSetting> changeable(String key) {
        return TopicSettings.all().stream().filter(setting -> !setting.brokerKeys().isEmpty()
                && setting.brokerKeys().getFirst().equals(key)
                && !setting.name().equals("durability")).findFirst();
    }

    /** Whether this can be set while the broker runs, and is no throttle. */
    public static boolean isChangeable(String key) {
        return OTHERS.containsKey(key) || changeable(key).isPresent();
    }

    /** Whether this is a limit on copying between nodes, which is taken and limits nothing. */
    public static boolean isThrottle(String key) {
        return THROTTLES.contains(key);
    }

    /** Throws {@link InvalidSettingException} unless each may be set while the broker runs. */
    static void check(Map<String, String> values) {
        values.forEach((key, value) -> {
            if (isThrottle(key)) {
                SettingRule.wholeLong(0).check(key, value);
            } else if (OTHERS.containsKey(key)) {
                OTHERS.get(key).check(key, value);
            } else {
                changeable(key).orElseThrow(() -> new InvalidSettingException(
                        "Cannot update these configs dynamically: [" + key + "]")).rule()
                        .check(key, value);
            }
        });
    }
}
