package io.taffrail.kafka.offsets;

import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topics;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import io.taffrail.log.spi.ReadableLog;
import io.taffrail.log.spi.ReadableLog.TimedOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;

/**
 * ListOffsets: the first and last offset, look-up by time, and the largest timestamp. Only durable
 * records count.
 *
 * @param disk
 *            runs look-ups that may read the disk
 */
public record ListOffsetsHandler(Topics topics,
        Executor disk) implements Handler<ListOffsetsRequestData> {

    private static final byte READ_COMMITTED = 1;
    private static final int EPOCH_FROM_VERSION = 4;

    /** Special timestamps and the request version that introduced each. */
    private static final Map<Long, Integer> FROM_VERSION = Map.of(
            ListOffsetsRequest.LATEST_TIMESTAMP, 1,
            ListOffsetsRequest.EARLIEST_TIMESTAMP, 1,
            ListOffsetsRequest.MAX_TIMESTAMP, 7,
            ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP, 8,
            ListOffsetsRequest.LATEST_TIERED_TIMESTAMP, 9,
            ListOffsetsRequest.EARLIEST_PENDING_UPLOAD_TIMESTAMP, 11);

    @Override
    public ApiKeys key() {
        return ApiKeys.LIST_OFFSETS;
    }

    @Override
    public CompletionStage<ListOffsetsResponseData> handle(
            Request<ListOffsetsRequestData> request) {
        boolean needsDisk = request.body().topics().stream()
                .flatMap(topic -> topic.partitions().stream())
                .anyMatch(partition -> partition.timestamp() >= 0
                        || partition.timestamp() == ListOffsetsRequest.MAX_TIMESTAMP);
        return needsDisk
                ? CompletableFuture.supplyAsync(() -> answer(request), disk)
                : CompletableFuture.completedFuture(answer(request));
    }

    private ListOffsetsResponseData answer(Request<ListOffsetsRequestData> request) {
        ListOffsetsRequestData body = request.body();
        boolean readCommitted = body.isolationLevel() == READ_COMMITTED;
        List<ListOffsetsTopicResponse> results = new ArrayList<>();
        Set<Named> repeated = repeated(body);
        for (ListOffsetsTopic topic : body.topics()) {
            results.add(new ListOffsetsTopicResponse().setName(topic.name())
                    .setPartitions(topic.partitions().stream()
                            .map(wanted -> {
                                if (repeated.contains(new Named(topic.name(),
                                        wanted.partitionIndex()))) {
                                    return refused(wanted, Errors.INVALID_REQUEST);
                                }
                                return isKnown(wanted.timestamp(), request.version())
                                        ? find(topic.name(), wanted, readCommitted)
                                        : refused(wanted, Errors.UNSUPPORTED_VERSION);
                            })
                            .toList()));
        }
        if (request.version() < EPOCH_FROM_VERSION) {
            results.forEach(topic -> topic.partitions().forEach(
                    partition -> partition.setLeaderEpoch(ListOffsetsResponse.UNKNOWN_EPOCH)));
        }
        return new ListOffsetsResponseData().setTopics(results);
    }

    /** A partition. Comparable, so that hash sets stay fast if clients choose equal hashes. */
    private record Named(String topic, int partition) implements Comparable<Named> {

        private static final Comparator<Named> ORDER = Comparator.comparing(Named::topic)
                .thenComparingInt(Named::partition);

        @Override
        public int compareTo(Named other) {
            return ORDER.compare(this, other);
        }
    }

    /** Partitions that the request names more than once; as in Kafka, they are not looked up. */
    private static Set<Named> repeated(ListOffsetsRequestData body) {
        Set<Named> seen = new HashSet<>();
        Set<Named> repeated = new HashSet<>();
        for (ListOffsetsTopic topic : body.topics()) {
            for (ListOffsetsPartition partition : topic.partitions()) {
                Named named = new Named(topic.name(),
                        partition.partitionIndex());
                if (!seen.add(named)) {
                    repeated.add(named);
                }
            }
        }
        return repeated;
    }

    private static ListOffsetsPartitionResponse refused(ListOffsetsPartition wanted,
            Errors error) {
        return new ListOffsetsPartitionResponse().setPartitionIndex(wanted.partitionIndex())
                .setErrorCode(error.code());
    }

    private static boolean isKnown(long timestamp, short version) {
        return timestamp >= 0
                || FROM_VERSION.getOrDefault(timestamp, Integer.MAX_VALUE) <= version;
    }

    private ListOffsetsPartitionResponse find(String topic, ListOffsetsPartition wanted,
            boolean readCommitted) {
        ListOffsetsPartitionResponse answer = new ListOffsetsPartitionResponse()
                .setPartitionIndex(wanted.partitionIndex());
        Optional<Partition> partition = topics.find(topic)
                .flatMap(found -> found.partition(wanted.partitionIndex()));
        if (partition.isEmpty()) {
            return answer.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        }
        if (partition.get().offline().isPresent()) {
            return answer.setErrorCode(Errors.KAFKA_STORAGE_ERROR.code());
        }
        ReadableLog log = partition.get().log();
        Errors epoch = LeaderEpochs.check(wanted.currentLeaderEpoch(), log);
        if (epoch != Errors.NONE) {
            return answer.setErrorCode(epoch.code());
        }
        return lookUp(answer, wanted.timestamp(), log, readCommitted);
    }

    private static ListOffsetsPartitionResponse lookUp(ListOffsetsPartitionResponse answer,
            long timestamp, ReadableLog log, boolean readCommitted) {
        long end = readCommitted ? log.lastStableOffset() : log.durableEnd();
        if (timestamp == ListOffsetsRequest.LATEST_TIMESTAMP) {
            return answer.setOffset(end).setLeaderEpoch(log.leaderEpoch());
        }
        if (timestamp == ListOffsetsRequest.EARLIEST_TIMESTAMP
                || timestamp == ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP) {
            long start = log.startOffset();
            return answer.setOffset(start).setLeaderEpoch(LeaderEpochs.at(start, log));
        }
        if (timestamp == ListOffsetsRequest.LATEST_TIERED_TIMESTAMP
                || timestamp == ListOffsetsRequest.EARLIEST_PENDING_UPLOAD_TIMESTAMP) {
            return answer;
        }
        Optional<TimedOffset> found = timestamp == ListOffsetsRequest.MAX_TIMESTAMP
                ? log.offsetOfMaxTimestamp()
                : log.offsetForTime(timestamp);
        return found.filter(position -> position.offset() < end)
                .map(position -> answer.setOffset(position.offset())
                        .setTimestamp(position.timestampMs())
                        .setLeaderEpoch(position.leaderEpoch()))
                .orElse(answer);
    }
}
