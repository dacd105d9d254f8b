package io.taffrail.kafka.groups;

import io.taffrail.broker.Broker;
import io.taffrail.broker.schedule.TimeSource;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.configs.ConfigSubject;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.server.common.GroupVersion;

/** Consumer groups of one broker: classic and KIP-848 membership, and committed offsets. */
public final class Groups implements AutoCloseable {

    /** Settings of groups may take this part of what groups may. */
    private static final int CONFIGS_PART = 8;

    private final Broker broker;
    private final CoordinatorHost host;
    private final GroupConfigs configs;

    private Groups(Broker broker, CoordinatorHost host, GroupConfigs configs) {
        this.broker = broker;
        this.host = host;
        this.configs = configs;
    }

    /**
     * Starts to load groups in the background if there are any, else waits until somebody asks for
     * one. To be closed before the broker and its owners' threads are.
     *
     * @throws IllegalArgumentException
     *             if a setting is not possible, naming it
     */
    public static Groups start(Broker broker, GroupSettings settings, GroupThreads threads) {
        return start(broker, settings, threads,
                GroupSpace.ofHeap(TimeSource.of(broker.clock())));
    }

    static Groups start(Broker broker, GroupSettings settings, GroupThreads threads,
            GroupSpace space) {
        GroupConfigs.check(settings);
        GroupConfigs configs = new GroupConfigs(broker.engine().metaStore(), settings,
                broker.topics()::defaults, space.limitBytes() / CONFIGS_PART);
        CoordinatorHost host = new CoordinatorHost(broker,
                new OffsetsTopic(broker.topics(), settings), configs, threads, space);
        configs.onChange(groupId -> host.ifRunning().ifPresent(running -> running.coordinator()
                .updateGroupConfig(groupId, configs.properties(groupId))));
        host.startIfNeeded();
        return new Groups(broker, host, configs);
    }

    /** Completes when the coordinator has done what it was given before. */
    public CompletableFuture<?> idle() {
        return host.ifRunning().map(RunningCoordinator::idle)
                .orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    /**
     * One handler for each request about groups.
     *
     * @param self
     *            this node's address as the client of a request reaches it
     */
    public List<Handler<?>> handlers(Function<RequestContext, Node> self) {
        TopicNames topics = new TopicNames(broker.topics());
        return List.of(
                new FindCoordinatorHandler(host, self),
                new JoinGroupHandler(host),
                new SyncGroupHandler(host),
                new HeartbeatHandler(host),
                new LeaveGroupHandler(host),
                new OffsetCommitHandler(host, topics),
                new OffsetFetchHandler(host, topics),
                new OffsetDeleteHandler(host, topics),
                new ListGroupsHandler(host),
                new DescribeGroupsHandler(host),
                new DeleteGroupsHandler(host),
                new ConsumerGroupHeartbeatHandler(host, topics),
                new ConsumerGroupDescribeHandler(host));
    }

    /** Features to advertise, with the highest and finalized level of each (KIP-584, KIP-848). */
    public Map<String, Short> features() {
        return Map.of(GroupVersion.FEATURE_NAME, GroupVersion.GV_1.featureLevel());
    }

    /** Settings of single groups, as configuration requests read and change them. */
    public ConfigSubject configs() {
        return new GroupSubject(configs);
    }

    /**
     * Throws an {@link org.apache.kafka.common.errors.InvalidRequestException} if values for the
     * broker do not go with the settings of groups; other names are not looked at.
     */
    public void checkLive(Map<String, String> wanted) {
        configs.checkLive(wanted);
    }

    public GroupSettings settings() {
        return configs.settings();
    }

    /**
     * Answers what waits with NOT_COORDINATOR or COORDINATOR_NOT_AVAILABLE and stops. Not on an
     * owner's thread.
     */
    @Override
    public void close() {
        host.close();
    }
}
