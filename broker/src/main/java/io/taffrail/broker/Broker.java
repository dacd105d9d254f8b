package io.taffrail.broker;

import io.taffrail.broker.deadletter.LostLetters;
import io.taffrail.broker.limit.ObjectLimits;
import io.taffrail.broker.outbox.Outboxes;
import io.taffrail.broker.queue.Quarantine;
import io.taffrail.broker.schedule.TimeSource;
import io.taffrail.broker.schedule.Timers;
import io.taffrail.broker.topic.PartitionDestinations;
import io.taffrail.broker.topic.TopicCatalog;
import io.taffrail.broker.topic.TopicNames;
import io.taffrail.broker.topic.Topics;
import io.taffrail.broker.user.Users;
import io.taffrail.broker.vhost.HostOptions;
import io.taffrail.broker.vhost.LiveVirtualHosts;
import io.taffrail.broker.vhost.VirtualHosts;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.Owner;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * The domain of one node: its topics, exchanges and queues over one log engine. Safe for any
 * thread.
 */
public final class Broker implements AutoCloseable {

    private static final String LEASE = "broker";

    private final LogEngine engine;
    private final BrokerConfig config;
    private final List<Owner> owners;
    private final InstantSource clock;
    private final String clusterId;
    private final ProducerIds producerIds;
    private final TopicCatalog catalog;
    private final BrokerThreads threads;
    private final Outboxes outboxes;
    private final LiveVirtualHosts virtualHosts;
    private final Users users;
    private final ObjectLimits limits;
    private final Reopening reopening;
    private final Maintenance maintenance;

    private Broker(LogEngine engine, BrokerConfig config, List<Owner> owners,
            InstantSource clock, BrokerThreads threads, Supplier<UUID> newId) {
        this.engine = engine;
        this.config = config;
        this.owners = List.copyOf(owners);
        this.clock = clock;
        this.threads = threads;
        NodeNumber.check(engine.metaStore(), threads, config.nodeId());
        this.clusterId = ClusterId.readOrMake(engine.metaStore(), threads, newId);
        this.producerIds = new ProducerIds(engine.metaStore());
        DefinitionSpace definitions = DefinitionSpace.ofHeap();
        this.users = new Users(engine.metaStore(), definitions);
        this.limits = new ObjectLimits(engine.metaStore());
        var _ = users.onChange(new LimitRemoval(limits));
        Lease lease = threads.await(engine.metaStore().acquire(LEASE));
        this.catalog = TopicCatalog.open(engine, config, lease, this.owners, threads, newId);
        this.outboxes = threads.await(Outboxes.opening(engine, lease, this.owners, clock,
                threads::timers, new PartitionDestinations(catalog.topics())));
        this.virtualHosts = threads
                .await(LiveVirtualHosts.opening(engine, lease, this.owners, clock,
                        threads::timers, () -> TopicNames.base64(newId.get()),
                        new HostOptions(config.consumerTimeoutMs(), catalog.hosting(),
                                outboxes, definitions).with(users).with(limits)));
        this.reopening = new Reopening(engine, catalog.topics(), virtualHosts, outboxes);
        this.maintenance = new Maintenance(catalog.topics(), clock, threads);
    }

    /**
     * Opens the domain: reads the catalog and opens every partition's log. Blocks until all are
     * open, so it must not be called on an owner's thread.
     *
     * @param owners
     *            the event loops that partitions are spread over, at least one
     * @throws IllegalArgumentException
     *             if a setting is invalid; the message names it
     */
    public static Broker open(LogEngine engine, BrokerConfig config, List<Owner> owners,
            InstantSource clock) {
        return open(engine, config, owners, clock, new OwnThreads(TimeSource.of(clock)),
                Broker::newId);
    }

    /**
     * As {@link #open(LogEngine, BrokerConfig, List, InstantSource)}, with these threads.
     *
     * @param threads
     *            closed with the broker
     * @param newId
     *            generates unique ids of topics and queues
     */
    public static Broker open(LogEngine engine, BrokerConfig config, List<Owner> owners,
            InstantSource clock, BrokerThreads threads, Supplier<UUID> newId) {
        Broker broker = new Broker(engine, config, owners, clock, threads, newId);
        broker.maintenance.start(Duration.ofMillis(config.retentionCheckIntervalMs()));
        return broker;
    }

    public Topics topics() {
        return catalog.topics();
    }

    /** The virtual hosts, with their exchanges and queues. */
    public VirtualHosts virtualHosts() {
        return virtualHosts;
    }

    /** To be called before the clients are disconnected because the broker stops. */
    public void stopping() {
        virtualHosts.stopping();
    }

    /** The quarantined queues of all virtual hosts. */
    public List<Quarantine> quarantined() {
        return virtualHosts.all().stream().flatMap(host -> host.quarantined().stream()).toList();
    }

    /** The command that reopens failed logs. */
    public Reopening reopening() {
        return reopening;
    }

    /** Limits of virtual hosts and users. */
    public ObjectLimits limits() {
        return limits;
    }

    /** The stored users. */
    public Users users() {
        return users;
    }

    /** The counter of dropped dead letters and delayed messages. */
    public LostLetters lostLetters() {
        return outboxes.lost();
    }

    /** The generator of ids for idempotent producers. */
    public ProducerIds producerIds() {
        return producerIds;
    }

    /** The cluster id: created at the first start, 22 characters of base64url. */
    public String clusterId() {
        return clusterId;
    }

    public BrokerConfig config() {
        return config;
    }

    /** The engine below; the caller of {@link #open} closes it. */
    public LogEngine engine() {
        return engine;
    }

    /** The event loops that partitions are spread over. */
    public List<Owner> owners() {
        return owners;
    }

    public InstantSource clock() {
        return clock;
    }

    /**
     * New timers of one owner, to be kept and used on its thread only. They end with the broker.
     */
    public Timers timers(Owner owner) {
        return threads.timers(owner);
    }

    /**
     * Applies retention to every log now, in addition to the passes every
     * {@code log.retention.check.interval.ms}; completes with the number of segments dropped.
     */
    public CompletableFuture<Integer> applyRetention() {
        return maintenance.run();
    }

    /** Closes the logs and stops retention. The caller closes the engine afterwards. */
    @Override
    public void close() {
        maintenance.close();
        threads.await(virtualHosts.closing());
        threads.await(outboxes.closing());
        catalog.close();
        threads.close();
    }

    /** A random id. Its text never begins with a hyphen, which command lines take for an option. */
    private static UUID newId() {
        UUID id = UUID.randomUUID();
        while (TopicNames.base64(id).startsWith("-")) {
            id = UUID.randomUUID();
        }
        return id;
    }
}
