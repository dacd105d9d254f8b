package io.taffrail.kafka.groups;

import io.taffrail.broker.Broker;
import io.taffrail.broker.queue.LostRanges;
import io.taffrail.broker.queue.ReadWindow;
import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.traffic.GroupLag;
import io.taffrail.log.spi.ReadableLog;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/**
 * The lag of all consumer groups, from their committed offsets. Safe for any thread; reads the disk
 * for the time of the first record that a group has not committed, so event loops must not call it.
 */
final class GroupLags {

    /** Partitions of groups that are reported; further ones are left out. */
    private static final int MAX_PARTITIONS = 10_000;
    /** Partitions of groups whose time is looked up in one report. */
    private static final int MAX_TIMES = 2_000;

    private final Broker broker;
    private final CoordinatorHost host;

    GroupLags(Broker broker, CoordinatorHost host) {
        this.broker = broker;
        this.host = host;
    }

    /** The lag of each group in each partition that it has committed an offset of. Blocks. */
    List<GroupLag> now() {
        if (!host.hasGroups()) {
            return List.of();
        }
        ListGroupsResponseData groups = host.ask(
                coordinator -> coordinator.listGroups(context(ApiKeys.LIST_GROUPS),
                        new ListGroupsRequestData()),
                error -> new ListGroupsResponseData().setErrorCode(error.code()))
                .toCompletableFuture().join();
        List<GroupLag> lags = new ArrayList<>();
        int[] times = new int[1];
        for (ListGroupsResponseData.ListedGroup group : groups.groups()) {
            add(group.groupId(), lags, times);
        }
        return lags;
    }

    private void add(String group, List<GroupLag> lags, int[] times) {
        CompletableFuture<OffsetFetchResponseGroup> offsets = host
                .ask(coordinator -> coordinator.fetchOffsets(context(ApiKeys.OFFSET_FETCH),
                        new OffsetFetchRequestGroup().setGroupId(group).setTopics(null), false),
                        error -> new OffsetFetchResponseGroup().setErrorCode(error.code()))
                .toCompletableFuture();
        for (OffsetFetchResponseTopics topic : offsets.join().topics()) {
            for (OffsetFetchResponsePartitions partition : topic.partitions()) {
                Optional<Partition> stored = broker.topics().find(topic.name())
                        .flatMap(it -> it.partition(partition.partitionIndex()));
                if (stored.isPresent() && partition.committedOffset() >= 0
                        && lags.size() < MAX_PARTITIONS) {
                    lags.add(lag(group, stored.get(), partition.committedOffset(), times));
                }
            }
        }
    }

    private static GroupLag lag(String group, Partition partition, long committed, int[] times) {
        ReadableLog log = partition.log();
        long from = Math.max(committed, log.startOffset());
        long records = Math.max(0, log.lastStableOffset() - from);
        OptionalLong since = OptionalLong.empty();
        if (records > 0 && times[0] < MAX_TIMES) {
            times[0]++;
            since = timeOf(log, from);
        }
        return new GroupLag(group, partition.topic(), partition.index(), records, since);
    }

    private static OptionalLong timeOf(ReadableLog log, long offset) {
        ReadWindow window = ReadWindow.ofCommitted(log, new LostRanges(log.id()));
        try {
            return window.seek(offset)
                    ? OptionalLong.of(window.message().timestampMs())
                    : OptionalLong.empty();
        } finally {
            window.release();
        }
    }

    private static RequestContext context(ApiKeys key) {
        return new RequestContext(new RequestHeader(key, key.latestVersion(), "metrics", 0),
                "metrics", InetAddress.getLoopbackAddress(), KafkaPrincipal.ANONYMOUS,
                ListenerName.forSecurityProtocol(SecurityProtocol.PLAINTEXT),
                SecurityProtocol.PLAINTEXT, ClientInformation.EMPTY, false);
    }
}
