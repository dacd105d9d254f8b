package io.taffrail.kafka.producers;

import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topics;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DescribeProducersRequestData;
import org.apache.kafka.common.message.DescribeProducersResponseData;
import org.apache.kafka.common.message.DescribeProducersResponseData.PartitionResponse;
import org.apache.kafka.common.message.DescribeProducersResponseData.ProducerState;
import org.apache.kafka.common.message.DescribeProducersResponseData.TopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * DescribeProducers: the producer ids that have written to a partition, with their last sequences.
 */
public record DescribeProducersHandler(
        Topics topics) implements Handler<DescribeProducersRequestData> {

    @Override
    public boolean takesLong(Request<DescribeProducersRequestData> request) {
        return true;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.DESCRIBE_PRODUCERS;
    }

    @Override
    public CompletionStage<DescribeProducersResponseData> handle(
            Request<DescribeProducersRequestData> request) {
        // Each partition once, because the response may be long.
        Map<String, Set<Integer>> wanted = new LinkedHashMap<>();
        request.body().topics().forEach(topic -> wanted
                .computeIfAbsent(topic.name(), _ -> new LinkedHashSet<>())
                .addAll(topic.partitionIndexes()));
        DescribeProducersResponseData data = new DescribeProducersResponseData();
        wanted.forEach((name, indexes) -> data.topics().add(new TopicResponse().setName(name)
                .setPartitions(indexes.stream().map(index -> describe(name, index)).toList())));
        return CompletableFuture.completedFuture(data);
    }

    private PartitionResponse describe(String topic, int index) {
        PartitionResponse answer = new PartitionResponse().setPartitionIndex(index)
                .setErrorMessage(null);
        Optional<Partition> partition = topics.find(topic)
                .flatMap(found -> found.partition(index));
        if (partition.isEmpty()) {
            return answer.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        }
        if (partition.get().offline().isPresent()) {
            return answer.setErrorCode(Errors.KAFKA_STORAGE_ERROR.code());
        }
        return answer.setActiveProducers(partition.get().log().producers().stream()
                .map(producer -> new ProducerState().setProducerId(producer.producerId())
                        .setProducerEpoch(producer.producerEpoch())
                        .setLastSequence(producer.lastSequence())
                        .setLastTimestamp(producer.lastTimestampMs())
                        .setCoordinatorEpoch(producer.coordinatorEpoch())
                        .setCurrentTxnStartOffset(producer.currentTransactionStartOffset()))
                .toList());
    }
}
