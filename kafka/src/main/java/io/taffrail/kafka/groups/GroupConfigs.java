package io.taffrail.kafka.groups;

import io.taffrail.broker.topic.TopicDefaults;
import io.taffrail.kafka.configs.BrokerSubject;
import io.taffrail.kafka.configs.ConfigEntry;
import io.taffrail.log.spi.MetaStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.apache.kafka.coordinator.group.GroupConfigManager;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.coordinator.group.modern.share.ShareGroupConfig;

/**
 * Settings of single groups: resource type GROUP of the configuration requests. Changes are durable
 * and take effect at the group's next heartbeat. Safe for any thread.
 */
final class GroupConfigs {

    private static final String PREFIX = "kafka/group-config/";

    /** Prefix of the settings that this broker honours; it serves no share or streams groups. */
    private static final String SERVED = "consumer.";

    private final MetaStore store;
    private final GroupSettings settings;
    private final Supplier<TopicDefaults> live;
    private final long limitBytes;
    private final AtomicLong heldBytes = new AtomicLong();
    private volatile Consumer<String> changed = _ -> {};

    /**
     * @param live
     *            returns the broker's dynamic settings as of now
     * @param limitBytes
     *            limit on the memory of the settings; settings that are already stored are always
     *            loaded
     */
    GroupConfigs(MetaStore store, GroupSettings settings, Supplier<TopicDefaults> live,
            long limitBytes) {
        this.limitBytes = limitBytes;
        this.store = store;
        this.settings = settings;
        this.live = live;
        store.children(PREFIX).forEach((key, stored) -> heldBytes
                .addAndGet(bytes(key.substring(PREFIX.length()), stored.value().length)));
    }

    /**
     * Runs Kafka's own checks. Default settings skip them, which avoids loading Kafka's classes.
     */
    static void check(GroupSettings settings) {
        if (settings.equals(GroupSettings.defaults())) {
            return;
        }
        try {
            GroupCoordinatorConfig.fromProps(settings.byKey());
        } catch (KafkaException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    /**
     * Throws {@link InvalidRequestException} if new dynamic settings are inconsistent with the
     * other settings. Names that are not group settings are ignored.
     */
    void checkLive(Map<String, String> wanted) {
        Map<String, Object> together = settings.byKey();
        together.putAll(wanted);
        together.keySet().retainAll(settings.byKey().keySet());
        if (together.equals(settings.byKey())) {
            return;
        }
        try {
            GroupCoordinatorConfig.fromProps(together);
        } catch (KafkaException | IllegalArgumentException e) {
            throw new InvalidRequestException(e.getMessage(), e);
        }
    }

    /** Groups that have settings of their own, with or without members. */
    Set<String> groupIds() {
        Set<String> ids = new TreeSet<>();
        store.children(PREFIX).keySet().forEach(key -> ids.add(key.substring(PREFIX.length())));
        return ids;
    }

    /** Settings of the group itself, by name. */
    Map<String, String> overrides(String groupId) {
        return store.get(PREFIX + groupId).map(stored -> GroupConfigCodec.decode(stored.value()))
                .orElseGet(Map::of);
    }

    /** Definitions of the settings that a group can have. */
    static List<ConfigDef.ConfigKey> keys() {
        return GroupConfig.CONFIG_DEF.configKeys().values().stream()
                .filter(key -> key.name.startsWith(SERVED)).toList();
    }

    /** The broker's settings, which are the defaults of every group. */
    GroupSettings settings() {
        return settings;
    }

    /**
     * Replaces a group's overrides by the result of {@code change}, and completes when the new
     * overrides are durable. Fails with {@link InvalidConfigurationException} if a name or value is
     * invalid.
     *
     * @param validateOnly
     *            true to validate the change without storing it
     */
    CompletableFuture<Void> alter(String groupId, boolean validateOnly,
            UnaryOperator<Map<String, String>> change) {
        String key = PREFIX + groupId;
        Optional<MetaStore.Versioned> stored = store.get(key);
        Map<String, String> wanted;
        try {
            wanted = change.apply(new TreeMap<>(
                    stored.map(now -> GroupConfigCodec.decode(now.value())).orElseGet(Map::of)));
            validate(wanted);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
        byte[] value = GroupConfigCodec.encode(wanted);
        long more = (wanted.isEmpty() ? 0 : bytes(groupId, value.length))
                - stored.map(now -> bytes(groupId, now.value().length)).orElse(0L);
        if (more > 0 && heldBytes.get() + more > limitBytes) {
            return CompletableFuture.failedFuture(new PolicyViolationException(
                    "Settings of groups take " + heldBytes + " of the " + limitBytes
                            + " bytes they may."));
        }
        if (validateOnly || (wanted.isEmpty() && stored.isEmpty())) {
            return CompletableFuture.completedFuture(null);
        }
        long version = stored.map(MetaStore.Versioned::version).orElse(0L);
        MetaStore.Change write = wanted.isEmpty()
                ? new MetaStore.Change.Delete(key, version)
                : new MetaStore.Change.Put(key, version, value);
        return store.apply(List.of(write)).thenCompose(applied -> {
            if (!applied) {
                return alter(groupId, false, change);
            }
            heldBytes.addAndGet(more);
            changed.accept(groupId);
            return CompletableFuture.completedFuture(null);
        });
    }

    /**
     * Memory of a group's settings, in the metadata store and in Kafka's
     * {@code GroupConfigManager}.
     */
    private static long bytes(String groupId, int valueBytes) {
        return StateBytes.GROUP + 2 * StateBytes.text(groupId) + 2L * valueBytes;
    }

    private void validate(Map<String, String> wanted) {
        try {
            GroupConfig.validateNames(wanted);
            for (String name : wanted.keySet()) {
                if (!name.startsWith(SERVED)) {
                    throw new InvalidConfigurationException(
                            name + " is for a kind of group this broker does not serve");
                }
            }
            GroupConfig.validate(wanted, coordinatorConfig(), shareConfig());
        } catch (ConfigException e) {
            throw new InvalidConfigurationException(e.getMessage(), e);
        }
    }

    /** Sets the listener that is called with each group whose settings have changed. */
    void onChange(Consumer<String> listener) {
        changed = listener;
    }

    /** Coordinator settings that follow the broker's dynamic settings. */
    GroupCoordinatorConfig coordinatorConfig() {
        return new GroupCoordinatorConfig(new LiveCoordinatorConfig(settings.byKey(), live));
    }

    /** Dynamic values of a broker setting, the highest precedence first. */
    List<ConfigEntry.Synonym> set(String brokerKey) {
        return BrokerSubject.set(brokerKey, live.get());
    }

    private static ShareGroupConfig shareConfig() {
        return ShareGroupConfig.fromProps(Map.of());
    }

    /** Creates Kafka's manager of group settings and fills it with the stored overrides. */
    GroupConfigManager newConfigManager() {
        GroupConfigManager holder = new GroupConfigManager(coordinatorConfig(), shareConfig());
        groupIds().forEach(groupId -> holder.updateGroupConfig(groupId, properties(groupId)));
        return holder;
    }

    Properties properties(String groupId) {
        Properties properties = new Properties();
        properties.putAll(overrides(groupId));
        return properties;
    }
}
