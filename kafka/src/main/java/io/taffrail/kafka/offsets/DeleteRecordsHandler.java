package io.taffrail.kafka.offsets;

import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.topic.Topics;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import io.taffrail.log.spi.WritableLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResultCollection;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** DeleteRecords: advances the start offset of logs (KIP-107). */
public record DeleteRecordsHandler(Topics topics) implements Handler<DeleteRecordsRequestData> {

    private static final long HIGH_WATERMARK = -1;
    private static final long INVALID_LOW_WATERMARK = -1;

    @Override
    public ApiKeys key() {
        return ApiKeys.DELETE_RECORDS;
    }

    @Override
    public CompletionStage<DeleteRecordsResponseData> handle(
            Request<DeleteRecordsRequestData> request) {
        DeleteRecordsResponseData data = new DeleteRecordsResponseData();
        List<CompletableFuture<?>> trims = new ArrayList<>();
        for (DeleteRecordsTopic topic : request.body().topics()) {
            // Large enough that the collection is never rebuilt, which would take very long.
            DeleteRecordsTopicResult results = new DeleteRecordsTopicResult()
                    .setName(topic.name()).setPartitions(new DeleteRecordsPartitionResultCollection(
                            2 * topic.partitions().size() + 1));
            for (DeleteRecordsPartition partition : topic.partitions()) {
                DeleteRecordsPartitionResult result = new DeleteRecordsPartitionResult()
                        .setPartitionIndex(partition.partitionIndex());
                results.partitions().add(result);
                trims.add(trim(topic.name(), partition, result));
            }
            data.topics().add(results);
        }
        return CompletableFuture.allOf(trims.toArray(CompletableFuture[]::new))
                .thenApply(_ -> data);
    }

    private CompletableFuture<Void> trim(String name, DeleteRecordsPartition wanted,
            DeleteRecordsPartitionResult result) {
        Optional<Topic> topic = topics.find(name);
        Optional<Partition> partition = topic
                .flatMap(found -> found.partition(wanted.partitionIndex()));
        Errors error = check(topic, partition);
        if (error != Errors.NONE || partition.isEmpty()) {
            fail(result, error);
            return CompletableFuture.completedFuture(null);
        }
        return CompletableFuture.runAsync(
                () -> trim(partition.get().log(), wanted.offset(), result),
                partition.get().owner());
    }

    private static Errors check(Optional<Topic> topic, Optional<Partition> partition) {
        if (topic.isEmpty() || partition.isEmpty()) {
            return Errors.UNKNOWN_TOPIC_OR_PARTITION;
        }
        if (topic.get().internal()) {
            return Errors.INVALID_TOPIC_EXCEPTION;
        }
        if (partition.get().offline().isPresent()) {
            return Errors.KAFKA_STORAGE_ERROR;
        }
        return topic.get().config().log().deleteRetained()
                ? Errors.NONE
                : Errors.POLICY_VIOLATION;
    }

    private static void trim(WritableLog log, long offset, DeleteRecordsPartitionResult result) {
        long to = offset == HIGH_WATERMARK ? log.durableEnd() : offset;
        if (to < 0 || to > log.durableEnd()) {
            fail(result, Errors.OFFSET_OUT_OF_RANGE);
            return;
        }
        if (to > log.startOffset()) {
            log.trimTo(to);
        }
        result.setLowWatermark(log.startOffset());
    }

    private static void fail(DeleteRecordsPartitionResult result, Errors error) {
        result.setErrorCode(error.code()).setLowWatermark(INVALID_LOW_WATERMARK);
    }
}
