package io.taffrail.kafka.cluster;

import io.taffrail.broker.topic.Topics;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.ElectLeadersRequestData;
import org.apache.kafka.common.message.ElectLeadersResponseData;
import org.apache.kafka.common.message.ElectLeadersResponseData.PartitionResult;
import org.apache.kafka.common.message.ElectLeadersResponseData.ReplicaElectionResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** ElectLeaders: this node already leads every partition, so no election is needed. */
public record ElectLeadersHandler(Topics topics) implements Handler<ElectLeadersRequestData> {

    private static final byte UNCLEAN = 1;

    @Override
    public ApiKeys key() {
        return ApiKeys.ELECT_LEADERS;
    }

    @Override
    public CompletionStage<ElectLeadersResponseData> handle(
            Request<ElectLeadersRequestData> request) {
        ElectLeadersRequestData body = request.body();
        if (body.electionType() < 0 || body.electionType() > UNCLEAN) {
            throw new InvalidRequestException("Unknown election type " + body.electionType());
        }
        ElectLeadersResponseData data = new ElectLeadersResponseData();
        if (body.topicPartitions() == null) {
            return CompletableFuture.completedFuture(data);
        }
        return CompletableFuture.completedFuture(data.setReplicaElectionResults(
                body.topicPartitions().stream().map(topic -> new ReplicaElectionResult()
                        .setTopic(topic.topic())
                        .setPartitionResult(results(topic.topic(), topic.partitions())))
                        .toList()));
    }

    private List<PartitionResult> results(String topic, List<Integer> partitions) {
        return partitions.stream().map(index -> {
            boolean known = topics.find(topic).flatMap(found -> found.partition(index))
                    .isPresent();
            Errors error = known ? Errors.ELECTION_NOT_NEEDED : Errors.UNKNOWN_TOPIC_OR_PARTITION;
            return new PartitionResult().setPartitionId(index).setErrorCode(error.code())
                    .setErrorMessage(error.message());
        }).toList();
    }
}
