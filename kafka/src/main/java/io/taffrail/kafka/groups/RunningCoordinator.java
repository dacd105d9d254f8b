package io.taffrail.kafka.groups;

import com.yammer.metrics.core.MetricsRegistry;
import io.taffrail.broker.Broker;
import io.taffrail.broker.schedule.TimeSource;
import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topic;
import io.taffrail.log.spi.Registration;
import io.taffrail.log.spi.WritableLog;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.coordinator.group.GroupCoordinator;
import org.apache.kafka.coordinator.group.GroupCoordinatorService;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorMetrics;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.server.share.persister.NoOpStatePersister;

/**
 * Kafka's group coordinator with the objects it depends on. Shards are elected when the topic's
 * partitions appear, after the first metadata image, and again when a log has been reopened.
 */
final class RunningCoordinator implements MetadataFeed.Subscriber, AutoCloseable {

    private final ShardStates states;
    private final GroupThreads.GroupTimers timer;
    private final Metrics metrics = new Metrics();
    private final GroupCoordinatorService service;
    private final CoordinatorState state;
    private final Registration watch;
    private final Object electionLock = new Object();
    private final Map<Integer, WritableLog> elected = new HashMap<>();
    private final Runnable topicDeleted;
    private boolean closed;

    /**
     * Starts the coordinator, which loads every group.
     *
     * @param loaded
     *            run when a shard has been loaded; on any thread, must not block
     * @param topicDeleted
     *            run when the topic and with it every group has been deleted
     */
    RunningCoordinator(Broker broker, OffsetsTopic offsetsTopic, Topic topic, GroupConfigs configs,
            GroupThreads threads, Runnable loaded, Runnable topicDeleted) {
        states = new ShardStates(loaded);
        InstantSource clock = broker.clock();
        timer = threads.newTimer();
        this.topicDeleted = topicDeleted;
        int nodeId = broker.config().nodeId();
        service = threads
                .build(new GroupCoordinatorService.Builder(nodeId, configs.coordinatorConfig())
                        .withWriter(new OffsetsLogWriter(offsetsTopic, states, threads))
                        .withLoader(new OffsetsLogLoader(offsetsTopic, states, clock, threads))
                        .withTime(new ClockTime(TimeSource.of(clock)))
                        .withTimer(timer)
                        .withCoordinatorRuntimeMetrics(new UnmeasuredRuntime())
                        .withGroupCoordinatorMetrics(
                                new GroupCoordinatorMetrics(new MetricsRegistry(), metrics))
                        .withGroupConfigManager(configs.newConfigManager())
                        .withPersister(new NoOpStatePersister())
                        .withAuthorizerPlugin(Optional.empty())
                        .withPartitionMetadataClient(new NoPartitionMetadata()));
        state = new CoordinatorState(service);
        int shards = topic.partitions().size();
        service.startup(() -> shards);
        MetadataFeed feed = new MetadataFeed(nodeId, clock, threads, this);
        watch = broker.topics().watch(feed);
        feed.start();
    }

    GroupCoordinator coordinator() {
        return service;
    }

    /** The size of the coordinator's state. */
    CoordinatorState state() {
        return state;
    }

    /** Completes when loading the group's shard has succeeded or failed. */
    CompletableFuture<Void> whenLoaded(String groupId) {
        return states.whenSettled(service.partitionFor(groupId));
    }

    /**
     * Completes when every shard has processed its earlier events; implemented as a read of all
     * shards.
     */
    CompletableFuture<?> idle() {
        return service.listGroups(null, new ListGroupsRequestData());
    }

    @Override
    public void published(MetadataDelta delta, MetadataImage image) {
        synchronized (electionLock) {
            if (!closed) {
                service.onMetadataUpdate(delta, image);
            }
        }
    }

    @Override
    public void offsetsTopicChanged(Topic topic) {
        synchronized (electionLock) {
            for (Partition partition : topic.partitions()) {
                if (closed || partition.log().equals(elected.get(partition.index()))) {
                    continue;
                }
                WritableLog log = partition.log();
                if (elected.put(partition.index(), log) != null) {
                    service.onResignation(partition.index(), OptionalInt.empty());
                }
                states.loading(partition.index());
                service.onElection(partition.index(), Math.max(0, log.leaderEpoch()));
            }
        }
    }

    @Override
    public void offsetsTopicDeleted() {
        topicDeleted.run();
    }

    /**
     * Stops the threads and answers waiting requests with an error. Must not be called on an
     * owner's thread.
     */
    @Override
    public void close() {
        watch.close();
        synchronized (electionLock) {
            if (closed) {
                return;
            }
            closed = true;
        }
        service.shutdown();
        states.settleAll();
        timer.close();
        metrics.close();
    }
}
