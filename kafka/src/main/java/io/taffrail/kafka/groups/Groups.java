package io.taffrail.kafka.groups;

import io.taffrail.broker.Broker;
import io.taffrail.broker.group.ReaderGroups;
import io.taffrail.broker.schedule.TimeSource;
import io.taffrail.broker.traffic.GroupLag;
import io.taffrail.kafka.api.FeatureLevels;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.TransactionGate;
import io.taffrail.kafka.api.TransactionJoin;
import io.taffrail.kafka.configs.ConfigSubject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.server.common.TransactionVersion;

/**
 * Consumer groups of one broker: classic and KIP-848 membership, and committed offsets. Safe for
 * any thread.
 */
public final class Groups implements AutoCloseable {

    /** Name of the topic that stores groups and their offsets. */
    public static final String OFFSETS_TOPIC = OffsetsTopic.NAME;

    /** The settings of groups may take this fraction of the memory limit for groups. */
    private static final int CONFIGS_PART = 8;

    private final Broker broker;
    private final CoordinatorHost host;
    private final GroupConfigs configs;
    private final FeatureLevels features;

    private Groups(Broker broker, CoordinatorHost host, GroupConfigs configs,
            FeatureLevels features) {
        this.features = features;
        this.broker = broker;
        this.host = host;
        this.configs = configs;
    }

    /** Loads Kafka's classes for the settings of groups. */
    public static void preload() {
        GroupConfigs.check(GroupSettings.of(Map.of("group.initial.rebalance.delay.ms", "0")));
    }

    /**
     * Starts to load the groups in the background. If there are none, the coordinator is started by
     * the first request for a group. Close the result before the broker and its owners' threads.
     *
     * @param gate
     *            checks the offsets of transactions before they are stored
     * @param features
     *            tells whether the consumer protocol is enabled
     * @throws IllegalArgumentException
     *             if a setting is invalid; the message names the setting
     */
    public static Groups start(Broker broker, GroupSettings settings, GroupThreads threads,
            TransactionGate gate, FeatureLevels features) {
        return start(broker, settings, threads, gate, features,
                GroupSpace.ofHeap(TimeSource.of(broker.clock())));
    }

    static Groups start(Broker broker, GroupSettings settings, GroupThreads threads,
            TransactionGate gate, FeatureLevels features, GroupSpace space) {
        GroupConfigs.check(settings);
        GroupConfigs configs = new GroupConfigs(broker.engine().metaStore(), settings,
                broker.topics()::defaults, space.limitBytes() / CONFIGS_PART);
        CoordinatorHost host = new CoordinatorHost(broker,
                new OffsetsTopic(broker.topics(), settings, gate), configs, threads, space);
        configs.onChange(groupId -> host.ifRunning().ifPresent(running -> running.coordinator()
                .updateGroupConfig(groupId, configs.properties(groupId))));
        host.startIfNeeded();
        return new Groups(broker, host, configs, features);
    }

    /** Completes when the coordinator has processed all earlier requests. */
    public CompletableFuture<?> idle() {
        return host.ifRunning().map(RunningCoordinator::idle)
                .orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    /**
     * Handlers of all requests about groups, and of the search for coordinators.
     *
     * @param self
     *            returns this node's address as the client of a request reaches it
     * @param transactions
     *            completes with NONE when the coordinator of a transactional id can be used
     * @param join
     *            adds the offsets' partition to a transaction
     */
    public List<Handler<?>> handlers(Function<RequestContext, Node> self,
            Function<String, CompletableFuture<Errors>> transactions, TransactionJoin join) {
        TopicNameLookup topics = new TopicNameLookup(broker.topics());
        return List.of(
                new FindCoordinatorHandler(host, self, transactions),
                new JoinGroupHandler(host),
                new SyncGroupHandler(host),
                new HeartbeatHandler(host),
                new LeaveGroupHandler(host),
                new OffsetCommitHandler(host, topics),
                new OffsetFetchHandler(host, topics),
                new OffsetDeleteHandler(host, topics),
                new TxnOffsetCommitHandler(host, topics, join),
                new ListGroupsHandler(host),
                new DescribeGroupsHandler(host),
                new DeleteGroupsHandler(host),
                new ConsumerGroupHeartbeatHandler(host, topics, features),
                new ConsumerGroupDescribeHandler(host, features));
    }

    /** The partition of {@link #OFFSETS_TOPIC} that stores a group; starts the coordinator. */
    public CompletableFuture<Integer> offsetsPartition(String groupId) {
        return host.running().thenApply(running -> running.coordinator().partitionFor(groupId));
    }

    /**
     * Ends a transaction in a partition of {@link #OFFSETS_TOPIC}: its offsets are committed or
     * dropped. Completes when that is durable, and never fails; ending it again changes nothing.
     *
     * @param coordinatorEpoch
     *            epoch of the transaction coordinator
     */
    public CompletionStage<Errors> endTransaction(int partition, long producerId, short epoch,
            int coordinatorEpoch, boolean commit) {
        return host.ask(coordinator -> coordinator
                .completeTransaction(new TopicPartition(OFFSETS_TOPIC, partition), producerId,
                        epoch, coordinatorEpoch,
                        commit ? TransactionResult.COMMIT : TransactionResult.ABORT,
                        TransactionVersion.TV_0.featureLevel())
                .thenApply(_ -> Errors.NONE), Function.identity());
    }

    /** The lag of all groups in their partitions. Blocks. */
    public List<GroupLag> lags() {
        return new GroupLags(broker, host).now();
    }

    /** The groups for an operator. */
    public ReaderGroups forOperators() {
        return new OperatorGroups(host);
    }

    /** Settings of single groups, for the configuration requests. */
    public ConfigSubject configs() {
        return new GroupSubject(configs);
    }

    /**
     * Throws an {@link org.apache.kafka.common.errors.InvalidRequestException} if new dynamic
     * broker settings are inconsistent with the group settings. Other names are ignored.
     */
    public void checkLive(Map<String, String> wanted) {
        configs.checkLive(wanted);
    }

    public GroupSettings settings() {
        return configs.settings();
    }

    /**
     * Stops the coordinator. Waiting requests are answered with NOT_COORDINATOR or
     * COORDINATOR_NOT_AVAILABLE. Must not be called on an owner's thread.
     */
    @Override
    public void close() {
        host.close();
    }
}
