package io.taffrail.kafka.transactions;

import io.taffrail.broker.ProducerIds;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * EndTxn: commits or aborts the transaction of a producer. The response is sent when the decision
 * is durable; the markers follow. The producer keeps its epoch; since version 5 it gets the next
 * one (KIP-890).
 */
record EndTxnHandler(ProducerIds ids, Shards shards,
        InstantSource clock) implements Handler<EndTxnRequestData> {

    private static final Logger LOG = LoggerFactory.getLogger(EndTxnHandler.class);
    private static final int EPOCH_FROM_VERSION = 5;

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
        CompletableFuture<Shard.Outcome> outcome = request.version() < EPOCH_FROM_VERSION
                ? ask(body, now -> Rules.end(now, body.producerId(), body.producerEpoch(),
                        body.committed(), clock.millis()))
                : endWithEpoch(body, TransactionalId.NO_PRODUCER);
        return outcome.thenApply(answer -> response(answer, request.version()));
    }

    private CompletableFuture<Shard.Outcome> ask(EndTxnRequestData body,
            Function<@Nullable TransactionalId, Decision> rule) {
        return shards.ask(body.transactionalId(),
                shard -> shard.ask(body.transactionalId(), rule),
                error -> new Shard.Outcome(error, null));
    }

    private CompletableFuture<Shard.Outcome> endWithEpoch(EndTxnRequestData body, long newId) {
        return ask(body, now -> Rules.endWithEpoch(now, body.producerId(), body.producerEpoch(),
                body.committed(), newId, clock.millis()))
                .thenCompose(outcome -> outcome.error() == Errors.NONE && outcome.state() == null
                        ? withNewId(body)
                        : CompletableFuture.completedFuture(outcome));
    }

    private CompletableFuture<Shard.Outcome> withNewId(EndTxnRequestData body) {
        return ids.next().thenCompose(id -> endWithEpoch(body, id)).exceptionally(failure -> {
            LOG.error("no producer id could be reserved", failure);
            return new Shard.Outcome(Errors.COORDINATOR_NOT_AVAILABLE, null);
        });
    }

    private static EndTxnResponseData response(Shard.Outcome outcome, short version) {
        TransactionalId state = outcome.state();
        if (outcome.error() == Errors.NONE && state != null) {
            return new EndTxnResponseData().setProducerId(state.clientProducerId())
                    .setProducerEpoch(state.clientEpoch());
        }
        return new EndTxnResponseData().setErrorCode(FencedError
                .of(outcome.error(), version, PRODUCER_FENCED_FROM_VERSION).code());
    }
}
