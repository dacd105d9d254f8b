package io.taffrail.kafka.transactions;

import io.taffrail.broker.ProducerIds;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * InitProducerId: a new producer id for an idempotent producer; for a transactional one the id and
 * next epoch of its transactional id, which fences earlier producers. An ongoing transaction is
 * aborted first; until that is done the answer is CONCURRENT_TRANSACTIONS, which clients retry.
 *
 * @param maxTimeoutMs
 *            maximum time-out of transactions, in milliseconds
 */
record InitProducerIdHandler(ProducerIds ids, Shards shards, int maxTimeoutMs,
        InstantSource clock) implements Handler<InitProducerIdRequestData> {

    private static final Logger LOG = LoggerFactory.getLogger(InitProducerIdHandler.class);
    private static final int PRODUCER_FENCED_FROM_VERSION = 4;

    @Override
    public ApiKeys key() {
        return ApiKeys.INIT_PRODUCER_ID;
    }

    @Override
    public CompletionStage<InitProducerIdResponseData> handle(
            Request<InitProducerIdRequestData> request) {
        InitProducerIdRequestData body = request.body();
        String id = body.transactionalId();
        if (id == null) {
            return idempotent();
        }
        Errors invalid = invalid(body);
        if (invalid != Errors.NONE) {
            return CompletableFuture.completedFuture(failed(invalid));
        }
        Rules.Init init = new Rules.Init(id, body.transactionTimeoutMs(), body.producerId(),
                body.producerEpoch(), TransactionalId.NO_PRODUCER);
        return init(init).thenApply(outcome -> response(outcome, request.version()));
    }

    private CompletableFuture<InitProducerIdResponseData> idempotent() {
        return ids.next().handle((id, failure) -> {
            if (failure != null) {
                LOG.error("no producer id could be reserved", failure);
                return failed(Errors.KAFKA_STORAGE_ERROR);
            }
            return new InitProducerIdResponseData().setProducerId(id).setProducerEpoch((short) 0);
        });
    }

    private Errors invalid(InitProducerIdRequestData body) {
        if (body.transactionalId().isEmpty()
                || (body.producerId() == TransactionalId.NO_PRODUCER) != (body
                        .producerEpoch() == TransactionalId.NO_EPOCH)) {
            return Errors.INVALID_REQUEST;
        }
        if (body.enable2Pc()) {
            return Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
        }
        if (body.keepPreparedTxn()) {
            return Errors.UNSUPPORTED_VERSION;
        }
        return body.transactionTimeoutMs() <= 0 || body.transactionTimeoutMs() > maxTimeoutMs
                ? Errors.INVALID_TRANSACTION_TIMEOUT
                : Errors.NONE;
    }

    private CompletableFuture<Shard.Outcome> init(Rules.Init init) {
        return shards.ask(init.id(),
                shard -> shard.ask(init.id(), now -> Rules.init(now, init, clock.millis())),
                error -> new Shard.Outcome(error, null))
                .thenCompose(outcome -> outcome.error() == Errors.NONE && outcome.state() == null
                        ? withNewId(init)
                        : CompletableFuture.completedFuture(outcome));
    }

    private CompletableFuture<Shard.Outcome> withNewId(Rules.Init init) {
        return ids.next().thenCompose(id -> init(init.with(id))).exceptionally(failure -> {
            LOG.error("no producer id could be reserved", failure);
            return new Shard.Outcome(Errors.COORDINATOR_NOT_AVAILABLE, null);
        });
    }

    private static InitProducerIdResponseData response(Shard.Outcome outcome, short version) {
        TransactionalId state = outcome.state();
        if (outcome.error() == Errors.NONE && state != null) {
            return new InitProducerIdResponseData().setProducerId(state.producerId())
                    .setProducerEpoch(state.epoch());
        }
        return failed(FencedError.of(outcome.error(), version, PRODUCER_FENCED_FROM_VERSION));
    }

    private static InitProducerIdResponseData failed(Errors error) {
        return new InitProducerIdResponseData().setErrorCode(error.code())
                .setProducerId(TransactionalId.NO_PRODUCER)
                .setProducerEpoch(TransactionalId.NO_EPOCH);
    }
}
