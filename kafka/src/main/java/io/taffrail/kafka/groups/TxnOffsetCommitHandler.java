package io.taffrail.kafka.groups;

import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import io.taffrail.kafka.api.TransactionJoin;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TxnOffsetCommitRequest;
import org.apache.kafka.common.requests.TxnOffsetCommitResponse;
import org.apache.kafka.common.utils.internals.BufferSupplier;

/**
 * TxnOffsetCommit: stores a group's offsets as part of a transaction; they count when it is
 * committed. Each unknown partition gets an error; the offsets of the others are one atomic write.
 * Since version 5 the request itself adds the offsets' partition to the transaction (KIP-890).
 */
record TxnOffsetCommitHandler(CoordinatorHost host, TopicNameLookup names, TransactionJoin join)
        implements
            Handler<TxnOffsetCommitRequestData> {

    private static final int JOINS_FROM_VERSION = 5;
    private static final int LOAD_IN_PROGRESS_FROM_VERSION = 2;

    @Override
    public ApiKeys key() {
        return ApiKeys.TXN_OFFSET_COMMIT;
    }

    @Override
    public CompletionStage<TxnOffsetCommitResponseData> handle(
            Request<TxnOffsetCommitRequestData> request) {
        TxnOffsetCommitRequestData body = request.body();
        boolean byId = TxnOffsetCommitResponse.useTopicIds(request.version());
        TxnOffsetCommitResponse.Builder response = TxnOffsetCommitResponse.newBuilder(byId);
        List<TxnOffsetCommitRequestTopic> known = new ArrayList<>();
        for (TxnOffsetCommitRequestTopic topic : body.topics()) {
            known(topic, byId, response, known);
        }
        if (known.isEmpty()) {
            return CompletableFuture.completedFuture(response.build().data());
        }
        TxnOffsetCommitRequestData commit = body.duplicate().setTopics(known);
        return joined(request)
                .thenCompose(error -> error == Errors.NONE
                        ? store(request, commit)
                        : CompletableFuture.completedFuture(
                                TxnOffsetCommitRequest.getErrorResponse(commit, error)))
                .thenApply(stored -> response.merge(stored).build().data());
    }

    private CompletionStage<Errors> joined(Request<TxnOffsetCommitRequestData> request) {
        TxnOffsetCommitRequestData body = request.body();
        return request.version() < JOINS_FROM_VERSION
                ? CompletableFuture.completedFuture(Errors.NONE)
                : host.running().thenCompose(running -> join.join(body.transactionalId(),
                        body.producerId(), body.producerEpoch(),
                        List.of(new TopicPartition(OffsetsTopic.NAME,
                                running.coordinator().partitionFor(body.groupId())))))
                        .exceptionally(CoordinatorHost::error);
    }

    private CompletionStage<TxnOffsetCommitResponseData> store(
            Request<TxnOffsetCommitRequestData> request, TxnOffsetCommitRequestData commit) {
        OffsetCommitRequestData estimate = OffsetBytes.asCommit(commit);
        return host.askForRoom(commit.groupId(), OffsetBytes.of(estimate),
                shard -> OffsetBytes.held(shard, estimate),
                coordinator -> coordinator.commitTransactionalOffsets(request.context(), commit,
                        BufferSupplier.NO_CACHING),
                error -> TxnOffsetCommitRequest.getErrorResponse(commit,
                        named(error, request.version())));
    }

    /** The error as clients of the version know it. */
    private static Errors named(Errors error, short version) {
        return error == Errors.COORDINATOR_LOAD_IN_PROGRESS
                && version < LOAD_IN_PROGRESS_FROM_VERSION
                        ? Errors.COORDINATOR_NOT_AVAILABLE
                        : error;
    }

    /**
     * Adds the existing partitions of a topic, under its name, to {@code known}, and the others to
     * the response as errors.
     */
    private void known(TxnOffsetCommitRequestTopic topic, boolean byId,
            TxnOffsetCommitResponse.Builder response, List<TxnOffsetCommitRequestTopic> known) {
        Uuid id = topic.topicId();
        String name = byId ? names.name(id).orElse("") : topic.name();
        List<TxnOffsetCommitRequestPartition> partitions = new ArrayList<>();
        for (TxnOffsetCommitRequestPartition partition : topic.partitions()) {
            int index = partition.partitionIndex();
            if (byId && name.isEmpty()) {
                response.addPartition(id, name, index, Errors.UNKNOWN_TOPIC_ID);
            } else if (!names.exists(name, index)) {
                response.addPartition(id, name, index, Errors.UNKNOWN_TOPIC_OR_PARTITION);
            } else {
                partitions.add(partition);
            }
        }
        if (!partitions.isEmpty()) {
            known.add(new TxnOffsetCommitRequestTopic().setTopicId(id).setName(name)
                    .setPartitions(partitions));
        }
    }
}
