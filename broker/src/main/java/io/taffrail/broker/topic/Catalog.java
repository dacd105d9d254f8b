package io.taffrail.broker.topic;

import io.taffrail.broker.BrokerConfig;
import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerThreads;
import io.taffrail.broker.topic.TopicDefaults.Scope;
import io.taffrail.broker.topic.TopicOutcome.Done;
import io.taffrail.broker.topic.TopicOutcome.Refused;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.MetaStore;
import io.taffrail.log.spi.MetaStore.Change;
import io.taffrail.log.spi.MetaStore.Versioned;
import io.taffrail.log.spi.Registration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The catalog of topics in a metadata store. A topic is stored at {@code topics/<name>}. A deleted
 * topic stays at {@code topics.deleted/<id>} until its logs are deleted, so that a crash in between
 * leaks no space.
 *
 * <p>
 * Changes run one at a time on {@link BrokerThreads#catalog}, the only thread that waits for the
 * store and for logs to open.
 */
final class Catalog implements Topics {

    private static final Logger LOG = LoggerFactory.getLogger(Catalog.class);

    static final String PREFIX = "topics/";
    private static final Duration REOPEN_DELAY = Duration.ofSeconds(1);

    private final MetaStore store;
    private final PartitionOpener opener;
    private final Graveyard graveyard;
    private final TopicConfigs configs;
    private final TopicChecks checks;
    private final BrokerConfig config;
    private final BrokerThreads threads;
    private final Supplier<UUID> newId;
    private final LiveTopics live = new LiveTopics();
    private final Inheritance inheritance;
    private final Set<LogId> reopening = ConcurrentHashMap.newKeySet();

    Catalog(LogEngine engine, PartitionOpener opener, BrokerConfig config, BrokerThreads threads,
            Supplier<UUID> newId) {
        this.store = engine.metaStore();
        this.opener = opener;
        this.graveyard = new Graveyard(engine);
        this.inheritance = new Inheritance(engine, live, config, threads);
        this.configs = new TopicConfigs(inheritance::defaults);
        this.checks = new TopicChecks(live, configs, config);
        this.config = config;
        this.threads = threads;
        this.newId = newId;
    }

    /** Reads the store and opens every log; blocks until they are open. */
    void load() {
        inheritance.load();
        graveyard.resume();
        record Opening(String name, TopicRecord topic, TopicConfig config,
                List<CompletableFuture<Partition>> partitions) {}
        List<Opening> all = new ArrayList<>();
        store.children(PREFIX).forEach((key, value) -> {
            String name = key.substring(PREFIX.length());
            TopicRecord topic = TopicRecord.decode(key, value.value());
            TopicConfig resolved = configs.resolve(topic.overrides());
            all.add(new Opening(name, topic, resolved,
                    opener.open(name, topic, resolved, 0, topic.partitions())));
        });
        for (Opening opening : all) {
            List<Partition> partitions = join(opening.partitions());
            live.put(new Topic(opening.name(), opening.topic().id(), opening.topic().internal(),
                    opening.config(), partitions));
        }
    }

    /** The catalog for components that show their own logs as topics. */
    TopicHosting hosting() {
        return new LiveHosting(this, live, configs);
    }

    @Override
    public Optional<Topic> find(String name) {
        return live.find(name);
    }

    @Override
    public Optional<Topic> find(UUID id) {
        return live.find(id);
    }

    @Override
    public Collection<Topic> all() {
        return live.all();
    }

    @Override
    public Registration watch(TopicListener listener) {
        return live.watch(listener);
    }

    @Override
    public CompletableFuture<TopicOutcome> create(NewTopic topic) {
        return submit(() -> createNow(topic));
    }

    @Override
    public CompletableFuture<TopicOutcome> findOrCreate(NewTopic topic) {
        Optional<Topic> present = live.find(topic.name());
        if (present.isPresent()) {
            return CompletableFuture.completedFuture(new Done(present.get()));
        }
        return submit(() -> {
            Optional<Topic> meanwhile = live.find(topic.name());
            return meanwhile.isPresent() ? new Done(meanwhile.get()) : createNow(topic);
        });
    }

    @Override
    public Optional<Refused> check(NewTopic topic) {
        return checks.creation(topic);
    }

    @Override
    public CompletableFuture<TopicOutcome> delete(String name) {
        return submit(() -> deleteNow(name));
    }

    @Override
    public CompletableFuture<TopicOutcome> addPartitions(String name, int count) {
        return submit(() -> addPartitionsNow(name, count));
    }

    @Override
    public Optional<Refused> checkPartitions(String name, int count) {
        return checks.partitions(name, count);
    }

    @Override
    public CompletableFuture<TopicOutcome> alterConfig(String name,
            UnaryOperator<Map<String, String>> change) {
        return submit(() -> alterConfigNow(name, change));
    }

    @Override
    public Optional<Refused> checkConfig(String name, Map<String, String> overrides) {
        return checks.config(name, overrides);
    }

    @Override
    public TopicDefaults defaults() {
        return inheritance.defaults();
    }

    @Override
    public CleanerDefaults cleaner() {
        return inheritance.cleaner();
    }

    @Override
    public Optional<Refused> checkDefaults(Scope scope, Map<String, String> values) {
        return inheritance.check(scope, values);
    }

    @Override
    public CompletableFuture<Optional<Refused>> alterDefaults(Scope scope,
            UnaryOperator<Map<String, String>> change) {
        return submit(() -> inheritance.alter(scope, change), Optional::of);
    }

    @Override
    public void reopen(Partition failed) {
        if (!opener.isQuarantined(failed) && reopening.add(failed.log().id())) {
            threads.later(REOPEN_DELAY, () -> reopenFailed(failed));
        }
    }

    private void reopenFailed(Partition failed) {
        reopening.remove(failed.log().id());
        Optional<Topic> topic = live.find(failed.topic());
        if (topic.isPresent() && !live.isHosted(failed.topic())
                && topic.get().partition(failed.index()).equals(Optional.of(failed))
                && !opener.isQuarantined(failed)) {
            var _ = reopened(topic.get(), failed);
        }
    }

    @Override
    public CompletableFuture<TopicOutcome> reopenNow(String name, int partition) {
        return submit(() -> {
            Optional<Topic> topic = live.find(name);
            Optional<Partition> failed = topic.flatMap(it -> it.partition(partition));
            if (failed.isEmpty()) {
                return new Refused(BrokerError.TOPIC_NOT_FOUND,
                        "There is no partition " + partition + " of a topic '" + name + "'.");
            }
            Optional<String> queue = LiveHosting.problem(live, name);
            return queue.isPresent()
                    ? new Refused(BrokerError.PRECONDITION_FAILED, queue.get())
                    : reopened(topic.orElseThrow(), failed.get());
        });
    }

    private TopicOutcome reopened(Topic topic, Partition failed) {
        try {
            Partition opened = threads.await(opener.reopen(failed));
            List<Partition> partitions = new ArrayList<>(topic.partitions());
            partitions.set(failed.index(), opened);
            Topic after = topic.withPartitions(List.copyOf(partitions));
            live.put(after);
            LOG.info("partition {} was opened anew after its log had failed", failed);
            return new Done(after);
        } catch (CompletionException e) {
            LOG.error("partition {} cannot be opened anew after its log has failed", failed,
                    e.getCause());
            return new Refused(BrokerError.STORAGE_FAILED, String.valueOf(e.getCause()));
        }
    }

    private TopicOutcome createNow(NewTopic wanted) {
        Optional<Refused> refused = check(wanted);
        if (refused.isPresent()) {
            return refused.get();
        }
        if (!live.reserve(wanted.name())) {
            return new Refused(BrokerError.TOPIC_EXISTS,
                    "A queue '" + wanted.name() + "' is being made.");
        }
        try {
            return createReserved(wanted);
        } finally {
            live.release(wanted.name());
        }
    }

    private TopicOutcome createReserved(NewTopic wanted) {
        TopicRecord topic = new TopicRecord(newId.get(), wanted.internal(), wanted.partitions(),
                new TreeMap<>(wanted.overrides()));
        TopicConfig resolved = configs.resolve(topic.overrides());
        apply(List.of(new Change.Put(PREFIX + wanted.name(), 0, topic.encode())));
        List<Partition> partitions = join(
                opener.open(wanted.name(), topic, resolved, 0, topic.partitions()));
        Topic created = new Topic(wanted.name(), topic.id(), topic.internal(), resolved,
                partitions);
        Optional<String> failed = partitions.stream().flatMap(p -> p.offline().stream())
                .findFirst();
        if (failed.isPresent()) {
            bury(created);
            return new Refused(BrokerError.STORAGE_FAILED, failed.get());
        }
        live.put(created);
        return new Done(created);
    }

    private TopicOutcome deleteNow(String name) {
        if (!config.deleteTopics()) {
            return new Refused(BrokerError.TOPIC_DELETION_DISABLED, "Topic deletion is disabled.");
        }
        Optional<Topic> topic = live.find(name);
        if (topic.isEmpty()) {
            return new Refused(BrokerError.TOPIC_NOT_FOUND, "Topic '" + name + "' does not exist.");
        }
        Optional<String> queue = LiveHosting.problem(live, name);
        if (queue.isPresent()) {
            return new Refused(BrokerError.PRECONDITION_FAILED, queue.get());
        }
        bury(topic.get());
        return new Done(topic.get());
    }

    /** Removes a topic from the catalog durably, and starts the deletion of its logs. */
    private void bury(Topic topic) {
        Versioned stored = store.get(PREFIX + topic.name()).orElseThrow();
        TopicRecord last = TopicRecord.decode(PREFIX + topic.name(), stored.value());
        apply(List.of(new Change.Delete(PREFIX + topic.name(), stored.version()),
                graveyard.entry(topic.name(), last)));
        live.remove(topic);
        graveyard.bury(topic.name(), last);
    }

    private TopicOutcome addPartitionsNow(String name, int count) {
        Optional<Refused> refused = checkPartitions(name, count);
        if (refused.isPresent()) {
            return refused.get();
        }
        Topic before = live.find(name).orElseThrow();
        Versioned stored = store.get(PREFIX + name).orElseThrow();
        TopicRecord old = TopicRecord.decode(PREFIX + name, stored.value());
        TopicRecord topic = new TopicRecord(old.id(), old.internal(), count, old.overrides());
        apply(List.of(new Change.Put(PREFIX + name, stored.version(), topic.encode())));
        List<Partition> partitions = new ArrayList<>(before.partitions());
        partitions.addAll(join(
                opener.open(name, topic, before.config(), before.partitions().size(), count)));
        Topic after = before.withPartitions(List.copyOf(partitions));
        live.put(after);
        return new Done(after);
    }

    private TopicOutcome alterConfigNow(String name, UnaryOperator<Map<String, String>> change) {
        Optional<Topic> before = live.find(name);
        if (before.isEmpty()) {
            return new Refused(BrokerError.TOPIC_NOT_FOUND,
                    "The topic '" + name + "' does not exist.");
        }
        Map<String, String> overrides = change
                .apply(new TreeMap<>(before.get().config().overrides()));
        Optional<Refused> refused = checkConfig(name, overrides);
        if (refused.isPresent()) {
            return refused.get();
        }
        TopicConfig resolved = configs.resolve(overrides);
        Versioned stored = store.get(PREFIX + name).orElseThrow();
        TopicRecord old = TopicRecord.decode(PREFIX + name, stored.value());
        TopicRecord topic = new TopicRecord(old.id(), old.internal(), old.partitions(), overrides);
        apply(List.of(new Change.Put(PREFIX + name, stored.version(), topic.encode())));
        return new Done(new Reconfiguration(before.get(), resolved).apply(live, threads));
    }

    /**
     * Stores changes; blocks until they are durable. They cannot conflict, because only this thread
     * makes changes.
     */
    private void apply(List<? extends Change> changes) {
        if (!threads.await(store.apply(changes))) {
            throw new IllegalStateException("the catalog was changed by another: " + changes);
        }
    }

    private CompletableFuture<TopicOutcome> submit(Supplier<TopicOutcome> change) {
        return submit(change, refused -> refused);
    }

    private <T> CompletableFuture<T> submit(Supplier<T> change, Function<Refused, T> refused) {
        try {
            return CompletableFuture.supplyAsync(change, threads.catalog())
                    .exceptionally(failure -> refused.apply(failed(failure)));
        } catch (RejectedExecutionException e) {
            LOG.debug("a change of the catalog came too late", e);
            return CompletableFuture.completedFuture(refused.apply(new Refused(
                    BrokerError.BROKER_CLOSING, BrokerError.BROKER_CLOSING.text())));
        }
    }

    /** Maps a failed store to a refusal; any other failure is thrown. */
    private static Refused failed(Throwable failure) {
        LOG.error("a change of the catalog failed", failure);
        if (failure.getCause() instanceof LogFailedException notStored) {
            return new Refused(BrokerError.STORAGE_FAILED, String.valueOf(notStored.getMessage()));
        }
        throw failure instanceof CompletionException known
                ? known
                : new CompletionException(failure);
    }

    private <T> List<T> join(List<CompletableFuture<T>> futures) {
        return futures.stream().map(threads::await).toList();
    }
}
