package io.taffrail.kafka.offsets;

import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topics;
import io.taffrail.kafka.api.Aside;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.ReadableLog;
import io.taffrail.log.spi.ReadableLog.TimedOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * ListOffsets: the first and last offset, look-up by time, and the largest timestamp. Only durable
 * records count.
 *
 * @param aside
 *            runs look-ups that read the disk, and may have to decompress a batch
 */
public record ListOffsetsHandler(Topics topics,
        Aside aside) implements Handler<ListOffsetsRequestData> {

    private static final Logger LOG = LoggerFactory.getLogger(ListOffsetsHandler.class);
    /** The least cost of a look-up beside the loops: mostly one or two reads, seldom many more. */
    private static final long LOOK_UP_BYTES = 256 << 10;
    /** Largest batch of a topic whose look-ups may run beside others. */
    private static final int USUAL_BATCH_BYTES = 4 << 20;

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
        ListOffsetsRequestData body = request.body();
        Set<Named> repeated = repeated(body);
        boolean readCommitted = body.isolationLevel() == READ_COMMITTED;
        List<ListOffsetsTopicResponse> results = new ArrayList<>();
        Deque<LookUp> later = new ArrayDeque<>();
        for (ListOffsetsTopic topic : body.topics()) {
            List<ListOffsetsPartitionResponse> answers = new ArrayList<>();
            for (ListOffsetsPartition wanted : topic.partitions()) {
                ListOffsetsPartitionResponse answer = new ListOffsetsPartitionResponse()
                        .setPartitionIndex(wanted.partitionIndex());
                answers.add(answer);
                if (repeated.contains(new Named(topic.name(), wanted.partitionIndex()))) {
                    answer.setErrorCode(Errors.INVALID_REQUEST.code());
                } else if (!isKnown(wanted.timestamp(), request.version())) {
                    answer.setErrorCode(Errors.UNSUPPORTED_VERSION.code());
                } else if (needsDisk(wanted)) {
                    later.add(new LookUp(topic.name(), wanted, answer));
                } else {
                    find(topic.name(), wanted, readCommitted, answer);
                }
            }
            results.add(new ListOffsetsTopicResponse().setName(topic.name())
                    .setPartitions(answers));
        }
        CompletableFuture<ListOffsetsResponseData> result = new CompletableFuture<>();
        request.asker().whenGone(() -> result.cancel(false));
        lookUp(later, request, result,
                () -> result.complete(response(results, request.version())));
        return result;
    }

    /** A question that is answered beside the event loops. */
    private record LookUp(String topic, ListOffsetsPartition wanted,
            ListOffsetsPartitionResponse answer) {}

    private static boolean needsDisk(ListOffsetsPartition wanted) {
        return wanted.timestamp() >= 0
                || wanted.timestamp() == ListOffsetsRequest.MAX_TIMESTAMP;
    }

    /** Answers one question after the other; what other clients want comes between. */
    private void lookUp(Deque<LookUp> left, Request<ListOffsetsRequestData> request,
            CompletableFuture<?> result, Runnable last) {
        LookUp next = left.poll();
        if (next == null) {
            last.run();
        } else if (!result.isDone()) {
            Guard.run(() -> aside.execute(request.context().connectionId(), cost(next),
                    () -> Guard.run(() -> {
                        find(next.topic(), next.wanted(),
                                request.body().isolationLevel() == READ_COMMITTED, next.answer());
                        lookUp(left, request, result, last);
                    }, result::completeExceptionally)), result::completeExceptionally);
        }
    }

    /**
     * The cost of a look-up, in bytes. It may read one compressed batch as a whole, so those of
     * topics with large batches are done one at a time.
     */
    private long cost(LookUp lookUp) {
        int batchBytes = topics.find(lookUp.topic())
                .map(topic -> topic.config().intake().maxMessageBytes()).orElse(0);
        return batchBytes > USUAL_BATCH_BYTES ? batchBytes : LOOK_UP_BYTES;
    }

    private static ListOffsetsResponseData response(List<ListOffsetsTopicResponse> results,
            short version) {
        if (version < EPOCH_FROM_VERSION) {
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

    private static boolean isKnown(long timestamp, short version) {
        return timestamp >= 0
                || FROM_VERSION.getOrDefault(timestamp, Integer.MAX_VALUE) <= version;
    }

    private void find(String topic, ListOffsetsPartition wanted, boolean readCommitted,
            ListOffsetsPartitionResponse answer) {
        Optional<Partition> partition = topics.find(topic)
                .flatMap(found -> found.partition(wanted.partitionIndex()));
        if (partition.isEmpty()) {
            answer.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
            return;
        }
        if (partition.get().offline().isPresent()) {
            answer.setErrorCode(Errors.KAFKA_STORAGE_ERROR.code());
            return;
        }
        ReadableLog log = partition.get().log();
        Errors epoch = LeaderEpochs.check(wanted.currentLeaderEpoch(), log);
        if (epoch != Errors.NONE) {
            answer.setErrorCode(epoch.code());
            return;
        }
        lookUp(answer, wanted.timestamp(), log, readCommitted);
    }

    /** A log that cannot be searched is no reason to say nothing of the others. */
    static void lookUp(ListOffsetsPartitionResponse answer, long timestamp, ReadableLog log,
            boolean readCommitted) {
        Guard.run(() -> answer(answer, timestamp, log, readCommitted), cause -> {
            LOG.error("KAF-014 {} could not be searched for an offset", log.id(), cause);
            answer.setErrorCode(Errors.KAFKA_STORAGE_ERROR.code());
        });
    }

    private static void answer(ListOffsetsPartitionResponse answer,
            long timestamp, ReadableLog log, boolean readCommitted) {
        long end = readCommitted ? log.lastStableOffset() : log.durableEnd();
        if (timestamp == ListOffsetsRequest.LATEST_TIMESTAMP) {
            answer.setOffset(end).setLeaderEpoch(log.leaderEpoch());
            return;
        }
        if (timestamp == ListOffsetsRequest.EARLIEST_TIMESTAMP
                || timestamp == ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP) {
            long start = log.startOffset();
            answer.setOffset(start).setLeaderEpoch(LeaderEpochs.at(start, log));
            return;
        }
        if (timestamp == ListOffsetsRequest.LATEST_TIERED_TIMESTAMP
                || timestamp == ListOffsetsRequest.EARLIEST_PENDING_UPLOAD_TIMESTAMP) {
            return;
        }
        Optional<TimedOffset> found = timestamp == ListOffsetsRequest.MAX_TIMESTAMP
                ? log.offsetOfMaxTimestamp()
                : log.offsetForTime(timestamp);
        found.filter(position -> position.offset() < end)
                .ifPresent(position -> answer.setOffset(position.offset())
                        .setTimestamp(position.timestampMs())
                        .setLeaderEpoch(position.leaderEpoch()));
    }
}
