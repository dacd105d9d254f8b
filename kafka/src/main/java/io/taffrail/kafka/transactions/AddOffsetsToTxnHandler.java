package io.taffrail.kafka.transactions;

import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import io.taffrail.kafka.groups.Groups;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * AddOffsetsToTxn: adds the partition that stores a group's offsets to the transaction of a
 * producer.
 */
record AddOffsetsToTxnHandler(Shards shards, Groups groups,
        InstantSource clock) implements Handler<AddOffsetsToTxnRequestData> {

    private static final int PRODUCER_FENCED_FROM_VERSION = 2;

    @Override
    public ApiKeys key() {
        return ApiKeys.ADD_OFFSETS_TO_TXN;
    }

    @Override
    public CompletionStage<AddOffsetsToTxnResponseData> handle(
            Request<AddOffsetsToTxnRequestData> request) {
        AddOffsetsToTxnRequestData body = request.body();
        if (body.transactionalId().isEmpty() || body.groupId().isEmpty()) {
            return CompletableFuture.completedFuture(answer(Errors.INVALID_REQUEST));
        }
        return groups.offsetsPartition(body.groupId())
                .thenCompose(index -> add(body,
                        Set.of(new TopicPart(Groups.OFFSETS_TOPIC, index))))
                .thenApply(error -> answer(FencedError.of(error, request.version(),
                        PRODUCER_FENCED_FROM_VERSION)));
    }

    private CompletableFuture<Errors> add(AddOffsetsToTxnRequestData body,
            Set<TopicPart> partition) {
        return shards.ask(body.transactionalId(),
                shard -> shard.ask(body.transactionalId(), now -> Rules.add(now,
                        body.producerId(), body.producerEpoch(), partition, clock.millis())),
                error -> new Shard.Outcome(error, null)).thenApply(Shard.Outcome::error);
    }

    private static AddOffsetsToTxnResponseData answer(Errors error) {
        return new AddOffsetsToTxnResponseData().setErrorCode(error.code());
    }
}
