package io.taffrail.kafka.transactions;

import io.taffrail.kafka.api.FewAtOnce;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTransaction;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnPartitionResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnTopicResult;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnTopicResultCollection;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * AddPartitionsToTxn: adds partitions to the transaction of a producer, and begins it if none is
 * ongoing. If a partition does not exist, none is added. Since version 4 a request may name several
 * transactions, and may only ask whether the partitions are part of one.
 */
record AddPartitionsToTxnHandler(Shards shards, Markers markers,
        InstantSource clock) implements Handler<AddPartitionsToTxnRequestData> {

    private static final int BATCHED_FROM_VERSION = 4;
    private static final int PRODUCER_FENCED_FROM_VERSION = 2;

    @Override
    public ApiKeys key() {
        return ApiKeys.ADD_PARTITIONS_TO_TXN;
    }

    @Override
    public CompletionStage<AddPartitionsToTxnResponseData> handle(
            Request<AddPartitionsToTxnRequestData> request) {
        AddPartitionsToTxnRequestData body = request.body();
        if (request.version() < BATCHED_FROM_VERSION) {
            return add(new AddPartitionsToTxnTransaction()
                    .setTransactionalId(body.v3AndBelowTransactionalId())
                    .setProducerId(body.v3AndBelowProducerId())
                    .setProducerEpoch(body.v3AndBelowProducerEpoch())
                    .setTopics(body.v3AndBelowTopics()), request.version())
                    .thenApply(topics -> new AddPartitionsToTxnResponseData()
                            .setResultsByTopicV3AndBelow(topics));
        }
        List<AddPartitionsToTxnTransaction> wanted = List.copyOf(body.transactions());
        return FewAtOnce.of(wanted, each -> add(each, request.version())
                .thenApply(topics -> new AddPartitionsToTxnResult()
                        .setTransactionalId(each.transactionalId()).setTopicResults(topics)))
                .thenApply(results -> {
                    AddPartitionsToTxnResponseData data = new AddPartitionsToTxnResponseData();
                    results.forEach(data.resultsByTransaction()::add);
                    return data;
                });
    }

    private CompletableFuture<AddPartitionsToTxnTopicResultCollection> add(
            AddPartitionsToTxnTransaction wanted, short version) {
        Set<TopicPart> partitions = new HashSet<>();
        for (AddPartitionsToTxnTopic topic : wanted.topics()) {
            topic.partitions().forEach(index -> partitions.add(new TopicPart(topic.name(), index)));
        }
        if (wanted.transactionalId().isEmpty()) {
            return CompletableFuture.completedFuture(
                    results(wanted.topics(), _ -> Errors.INVALID_REQUEST));
        }
        Set<TopicPart> missing = new HashSet<>(markers.missing(partitions));
        if (!missing.isEmpty()) {
            return CompletableFuture.completedFuture(results(wanted.topics(),
                    part -> missing.contains(part)
                            ? Errors.UNKNOWN_TOPIC_OR_PARTITION
                            : Errors.OPERATION_NOT_ATTEMPTED));
        }
        return shards.ask(wanted.transactionalId(), shard -> shard.ask(wanted.transactionalId(),
                now -> wanted.verifyOnly()
                        ? Rules.verify(now, wanted.producerId(), wanted.producerEpoch(),
                                partitions)
                        : Rules.add(now, wanted.producerId(), wanted.producerEpoch(), partitions,
                                clock.millis())),
                error -> new Shard.Outcome(error, null))
                .thenApply(outcome -> results(wanted.topics(), _ -> FencedError
                        .of(outcome.error(), version, PRODUCER_FENCED_FROM_VERSION)));
    }

    private static AddPartitionsToTxnTopicResultCollection results(
            AddPartitionsToTxnTopicCollection topics, Function<TopicPart, Errors> error) {
        AddPartitionsToTxnTopicResultCollection results = new AddPartitionsToTxnTopicResultCollection();
        for (AddPartitionsToTxnTopic topic : topics) {
            AddPartitionsToTxnTopicResult result = new AddPartitionsToTxnTopicResult()
                    .setName(topic.name());
            for (int index : new HashSet<>(topic.partitions())) {
                result.resultsByPartition().add(new AddPartitionsToTxnPartitionResult()
                        .setPartitionIndex(index).setPartitionErrorCode(
                                error.apply(new TopicPart(topic.name(), index)).code()));
            }
            results.add(result);
        }
        return results;
    }
}
