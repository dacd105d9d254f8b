package io.taffrail.broker.topic;

import io.taffrail.broker.BrokerConfig;
import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerThreads;
import io.taffrail.broker.topic.TopicDefaults.Scope;
import io.taffrail.broker.topic.TopicOutcome.Refused;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.MetaStore;
import io.taffrail.log.spi.MetaStore.Change;
import io.taffrail.log.spi.MetaStore.Versioned;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topic defaults that can be changed while the broker runs, stored at
 * {@code broker.settings/all} and {@code broker.settings/<node>}. Changed on the catalog's thread
 * only; read from any thread.
 */
final class Inheritance {

    private static final Logger LOG = LoggerFactory.getLogger(Inheritance.class);
    private static final String PREFIX = "broker.settings/";

    private final MetaStore store;
    private final LiveTopics live;
    private final BrokerThreads threads;
    private final LogEngine engine;
    private final CleanerDefaults cleaner;
    private volatile TopicDefaults defaults;

    Inheritance(LogEngine engine, LiveTopics live, BrokerConfig config, BrokerThreads threads) {
        this.threads = threads;
        this.engine = engine;
        this.cleaner = CleanerDefaults.of(engine.cleaner().settings());
        this.store = engine.metaStore();
        this.live = live;
        this.defaults = TopicDefaults.of(config);
    }

    /** Loads the stored defaults. */
    void load() {
        for (Scope scope : Scope.values()) {
            String key = key(scope);
            store.get(key).ifPresent(stored -> defaults = defaults.with(scope,
                    SettingsRecord.decode(key, stored.value())));
        }
        try {
            engine.configure(cleaner.with(defaults));
        } catch (InvalidSettingException e) {
            LOG.warn("CLN-012 the stored settings of compaction do not fit those of the"
                    + " configuration and have no effect: {}", e.getMessage());
        }
    }

    /** The settings of compaction that the engine was started with. */
    CleanerDefaults cleaner() {
        return cleaner;
    }

    TopicDefaults defaults() {
        return defaults;
    }

    /**
     * The reason why {@link #alter} to these values would be refused now; empty if it would not.
     */
    Optional<Refused> check(Scope scope, Map<String, String> values) {
        try {
            TopicDefaults.check(values);
            TopicDefaults next = defaults.with(scope, values);
            plan(next);
            cleaner.with(next);
            return Optional.empty();
        } catch (InvalidSettingException e) {
            return Optional.of(new Refused(BrokerError.INVALID_TOPIC_CONFIG,
                    String.valueOf(e.getMessage())));
        }
    }

    /**
     * Changes defaults and reconfigures the topics; blocks on the store and on the owners of the
     * logs.
     */
    Optional<Refused> alter(Scope scope, UnaryOperator<Map<String, String>> change) {
        Map<String, String> before = defaults.of(scope);
        Map<String, String> values = Map.copyOf(change.apply(before));
        if (values.equals(before)) {
            return Optional.empty();
        }
        Optional<Refused> refused = check(scope, values);
        if (refused.isPresent()) {
            return refused;
        }
        String key = key(scope);
        long version = store.get(key).map(Versioned::version).orElse(0L);
        Change put = new Change.Put(key, version, SettingsRecord.encode(values));
        if (!threads.await(store.apply(List.of(put)))) {
            throw new IllegalStateException("the settings were changed by another: " + key);
        }
        TopicDefaults after = defaults.with(scope, values);
        List<Reconfiguration> changes = plan(after);
        defaults = after;
        engine.configure(cleaner.with(after));
        changes.forEach(reconfiguration -> reconfiguration.apply(live, threads));
        return Optional.empty();
    }

    /** The topics whose settings differ under the new defaults. */
    private List<Reconfiguration> plan(TopicDefaults next) {
        TopicConfigs configs = new TopicConfigs(() -> next);
        List<Reconfiguration> changes = new ArrayList<>();
        for (Topic topic : live.all()) {
            if (!live.isHosted(topic.name())) {
                TopicConfig resolved = configs.resolve(topic.config().overrides());
                if (!resolved.equals(topic.config())) {
                    changes.add(new Reconfiguration(topic, resolved));
                }
            }
        }
        configs.resolve(Map.of());
        return changes;
    }

    private String key(Scope scope) {
        return switch (scope) {
            case EVERY_NODE -> PREFIX + "all";
            case THIS_NODE -> PREFIX + defaults.config().nodeId();
        };
    }
}
