package io.taffrail.kafka.cluster;

import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topic;
import io.taffrail.kafka.api.AuthorizedOperations;
import io.taffrail.kafka.api.TopicIds;
import java.util.List;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;

/** Topics as Metadata reports them: the leader of each partition is this node or none. */
final class TopicView {

    private static final int NO_LEADER = -1;

    private TopicView() {}

    static MetadataResponseTopic of(Topic topic, int nodeId, boolean withOperations) {
        return new AnsweredTopic().setName(topic.name())
                .setTopicId(TopicIds.toKafka(topic.id())).setIsInternal(topic.internal())
                .setTopicAuthorizedOperations(withOperations
                        ? AuthorizedOperations.TOPIC
                        : AuthorizedOperations.NOT_ASKED)
                .setPartitions(partitions(topic.partitions(), nodeId));
    }

    static List<MetadataResponsePartition> partitions(List<Partition> partitions, int nodeId) {
        List<Integer> node = List.of(nodeId);
        return partitions.stream().map(partition -> partition(partition, node, nodeId)).toList();
    }

    private static MetadataResponsePartition partition(Partition partition, List<Integer> node,
            int nodeId) {
        boolean offline = partition.offline().isPresent();
        return new MetadataResponsePartition().setPartitionIndex(partition.index())
                .setErrorCode((offline ? Errors.LEADER_NOT_AVAILABLE : Errors.NONE).code())
                .setLeaderId(offline ? NO_LEADER : nodeId)
                .setLeaderEpoch(partition.log().leaderEpoch())
                .setReplicaNodes(node)
                .setIsrNodes(node)
                .setOfflineReplicas(offline ? node : List.of());
    }
}
