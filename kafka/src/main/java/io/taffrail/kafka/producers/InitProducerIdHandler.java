package io.taffrail.kafka.producers;

import io.taffrail.broker.ProducerIds;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * InitProducerId for idempotent producers. Transactional producers are refused with
 * TRANSACTIONAL_ID_AUTHORIZATION_FAILED. Of the errors that this response allows, it is the only
 * one that both the Java client and librdkafka treat as fatal at once; librdkafka retries others
 * forever.
 */
public final class InitProducerIdHandler implements Handler<InitProducerIdRequestData> {

    private static final Logger LOG = LoggerFactory.getLogger(InitProducerIdHandler.class);
    private static final short NO_EPOCH = -1;

    private final ProducerIds ids;
    private final AtomicBoolean refusalLogged = new AtomicBoolean();

    public InitProducerIdHandler(ProducerIds ids) {
        this.ids = ids;
    }

    @Override
    public ApiKeys key() {
        return ApiKeys.INIT_PRODUCER_ID;
    }

    @Override
    public CompletionStage<InitProducerIdResponseData> handle(
            Request<InitProducerIdRequestData> request) {
        if (request.body().transactionalId() != null) {
            return CompletableFuture.completedFuture(failed(refusal(request.body())));
        }
        return ids.next().handle((id, failure) -> {
            if (failure != null) {
                LOG.error("no producer id could be reserved", failure);
                return failed(Errors.KAFKA_STORAGE_ERROR);
            }
            return new InitProducerIdResponseData().setProducerId(id)
                    .setProducerEpoch((short) 0);
        });
    }

    private Errors refusal(InitProducerIdRequestData body) {
        if (body.transactionalId().isEmpty()) {
            return Errors.INVALID_REQUEST;
        }
        if (refusalLogged.compareAndSet(false, true)) {
            LOG.warn("a client asked for a transactional producer; this broker does not serve"
                    + " transactions and answers TRANSACTIONAL_ID_AUTHORIZATION_FAILED."
                    + " Further requests of this kind are not logged");
        }
        return Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
    }

    private static InitProducerIdResponseData failed(Errors error) {
        return new InitProducerIdResponseData().setErrorCode(error.code()).setProducerId(-1)
                .setProducerEpoch(NO_EPOCH);
    }
}
