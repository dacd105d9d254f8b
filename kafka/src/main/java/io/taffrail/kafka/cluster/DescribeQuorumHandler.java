package io.taffrail.kafka.cluster;

import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.DescribeQuorumRequestData;
import org.apache.kafka.common.message.DescribeQuorumResponseData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.Listener;
import org.apache.kafka.common.message.DescribeQuorumResponseData.ListenerCollection;
import org.apache.kafka.common.message.DescribeQuorumResponseData.PartitionData;
import org.apache.kafka.common.message.DescribeQuorumResponseData.ReplicaState;
import org.apache.kafka.common.message.DescribeQuorumResponseData.TopicData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.RequestContext;

/**
 * DescribeQuorum: this node is the only voter and the leader. Metadata is not a Kafka log here, so
 * its offsets are reported as unknown.
 */
public record DescribeQuorumHandler(
        Function<RequestContext, Node> self) implements Handler<DescribeQuorumRequestData> {

    private static final int UNKNOWN = -1;
    private static final int NODES_FROM_VERSION = 2;

    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_QUORUM;
    }

    @Override
    public CompletionStage<DescribeQuorumResponseData> handle(
            Request<DescribeQuorumRequestData> request) {
        Node node = self.apply(request.context());
        DescribeQuorumResponseData data = new DescribeQuorumResponseData().setErrorMessage(null)
                .setTopics(request.body().topics().stream().map(topic -> new TopicData()
                        .setTopicName(topic.topicName())
                        .setPartitions(topic.partitions().stream()
                                .map(partition -> state(topic.topicName(),
                                        partition.partitionIndex(), node.id()))
                                .toList()))
                        .toList());
        if (request.version() >= NODES_FROM_VERSION) {
            ListenerCollection listeners = new ListenerCollection();
            listeners.add(new Listener().setName(request.context().listenerName())
                    .setHost(node.host()).setPort(node.port()));
            data.nodes().add(new DescribeQuorumResponseData.Node().setNodeId(node.id())
                    .setListeners(listeners));
        }
        return CompletableFuture.completedFuture(data);
    }

    private static PartitionData state(String topic, int partition, int nodeId) {
        PartitionData data = new PartitionData().setPartitionIndex(partition)
                .setErrorMessage(null);
        if (!topic.equals(Topic.CLUSTER_METADATA_TOPIC_NAME) || partition != 0) {
            return data.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        }
        return data.setLeaderId(nodeId).setLeaderEpoch(0).setHighWatermark(UNKNOWN)
                .setCurrentVoters(List.of(new ReplicaState().setReplicaId(nodeId)
                        .setLogEndOffset(UNKNOWN).setLastFetchTimestamp(UNKNOWN)
                        .setLastCaughtUpTimestamp(UNKNOWN)));
    }
}
