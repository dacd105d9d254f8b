package io.taffrail.kafka.offsets;

import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topics;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import io.taffrail.log.spi.ReadableLog;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * OffsetForLeaderEpoch: the end offset of an epoch, with which clients detect truncation (KIP-320).
 */
public record OffsetForLeaderEpochHandler(
        Topics topics) implements Handler<OffsetForLeaderEpochRequestData> {

    @Override
    public ApiKeys key() {
        return ApiKeys.OFFSET_FOR_LEADER_EPOCH;
    }

    @Override
    public CompletionStage<OffsetForLeaderEpochResponseData> handle(
            Request<OffsetForLeaderEpochRequestData> request) {
        OffsetForLeaderEpochResponseData data = new OffsetForLeaderEpochResponseData();
        request.body().topics().forEach(topic -> data.topics().add(
                new OffsetForLeaderTopicResult().setTopic(topic.topic())
                        .setPartitions(topic.partitions().stream()
                                .map(partition -> find(topic.topic(), partition)).toList())));
        return CompletableFuture.completedFuture(data);
    }

    private EpochEndOffset find(String topic, OffsetForLeaderPartition wanted) {
        EpochEndOffset answer = new EpochEndOffset().setPartition(wanted.partition());
        Optional<Partition> partition = topics.find(topic)
                .flatMap(found -> found.partition(wanted.partition()));
        if (partition.isEmpty()) {
            return answer.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        }
        if (partition.get().offline().isPresent()) {
            return answer.setErrorCode(Errors.KAFKA_STORAGE_ERROR.code());
        }
        ReadableLog log = partition.get().log();
        Errors known = LeaderEpochs.check(wanted.currentLeaderEpoch(), log);
        if (known != Errors.NONE) {
            return answer.setErrorCode(known.code());
        }
        if (wanted.leaderEpoch() == log.leaderEpoch()) {
            return answer.setLeaderEpoch(log.leaderEpoch()).setEndOffset(log.durableEnd());
        }
        if (wanted.leaderEpoch() < 0 || wanted.leaderEpoch() > log.leaderEpoch()) {
            return answer;
        }
        return log.endOffsetForEpoch(wanted.leaderEpoch())
                .map(end -> answer.setLeaderEpoch(end.epoch()).setEndOffset(end.endOffset()))
                .orElse(answer);
    }
}
