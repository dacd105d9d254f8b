package io.taffrail.kafka.transactions;

import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/**
 * EndTxn: commits or aborts the transaction of a producer. The response is sent when the decision
 * is durable; the markers follow. The producer keeps its epoch.
 */
record EndTxnHandler(Shards shards,
        InstantSource clock) implements Handler<EndTxnRequestData> {

    private static final int PRODUCER_FENCED_FROM_VERSION = 2;

    @Override
    public ApiKeys key() {
        return ApiKeys.END_TXN;
    }

    @Override
    public CompletionStage<EndTxnResponseData> handle(Request<EndTxnRequestData> request) {
        EndTxnRequestData body = request.body();
        if (body.transactionalId().isEmpty()) {
            return CompletableFuture.completedFuture(new EndTxnResponseData()
                    .setErrorCode(Errors.INVALID_REQUEST.code()));
        }
        return shards.ask(body.transactionalId(),
                shard -> shard.ask(body.transactionalId(), now -> Rules.end(now,
                        body.producerId(), body.producerEpoch(), body.committed(),
                        clock.millis())),
                error -> new Shard.Outcome(error, null))
                .thenApply(outcome -> response(outcome, body, request.version()));
    }

    private static EndTxnResponseData response(Shard.Outcome outcome, EndTxnRequestData body,
            short version) {
        EndTxnResponseData response = new EndTxnResponseData().setErrorCode(FencedError
                .of(outcome.error(), version, PRODUCER_FENCED_FROM_VERSION).code());
        return outcome.error() == Errors.NONE
                ? response.setProducerId(body.producerId()).setProducerEpoch(body.producerEpoch())
                : response;
    }
}
