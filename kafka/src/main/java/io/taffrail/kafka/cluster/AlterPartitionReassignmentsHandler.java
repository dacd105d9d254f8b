package io.taffrail.kafka.cluster;

import io.taffrail.broker.topic.Topics;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignableTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.jspecify.annotations.Nullable;

/**
 * AlterPartitionReassignments: every partition is on this node. A reassignment to this node
 * succeeds at once; a reassignment to any other node is refused.
 */
public record AlterPartitionReassignmentsHandler(Topics topics, int nodeId)
        implements
            Handler<AlterPartitionReassignmentsRequestData> {

    @Override
    public ApiKeys key() {
        return ApiKeys.ALTER_PARTITION_REASSIGNMENTS;
    }

    @Override
    public CompletionStage<AlterPartitionReassignmentsResponseData> handle(
            Request<AlterPartitionReassignmentsRequestData> request) {
        AlterPartitionReassignmentsRequestData body = request.body();
        return CompletableFuture.completedFuture(new AlterPartitionReassignmentsResponseData()
                .setAllowReplicationFactorChange(body.allowReplicationFactorChange())
                .setErrorMessage(null)
                .setResponses(body.topics().stream().map(topic -> new ReassignableTopicResponse()
                        .setName(topic.name())
                        .setPartitions(topic.partitions().stream()
                                .map(partition -> answer(topic.name(), partition)).toList()))
                        .toList()));
    }

    private ReassignablePartitionResponse answer(String topic, ReassignablePartition partition) {
        ApiError error = check(topic, partition.partitionIndex(), partition.replicas());
        return new ReassignablePartitionResponse().setPartitionIndex(partition.partitionIndex())
                .setErrorCode(error.error().code()).setErrorMessage(error.message());
    }

    private ApiError check(String topic, int index,
            @Nullable List<Integer> replicas) {
        if (topics.find(topic).flatMap(found -> found.partition(index)).isEmpty()) {
            return new ApiError(Errors.UNKNOWN_TOPIC_OR_PARTITION,
                    "Unable to find partition " + topic + ":" + index + ".");
        }
        if (replicas == null) {
            return new ApiError(Errors.NO_REASSIGNMENT_IN_PROGRESS);
        }
        return replicas.equals(List.of(nodeId))
                ? ApiError.NONE
                : new ApiError(Errors.INVALID_REPLICA_ASSIGNMENT,
                        "The replicas " + replicas + " are not all registered; there is only node "
                                + nodeId + ".");
    }
}
