package io.taffrail.kafka.producers;

import io.taffrail.broker.ProducerIds;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** InitProducerId for idempotent producers; transactional ones are refused. */
public record InitProducerIdHandler(
        ProducerIds ids) implements Handler<InitProducerIdRequestData> {

    private static final Logger LOG = LoggerFactory.getLogger(InitProducerIdHandler.class);
    private static final short NO_EPOCH = -1;

    @Override
    public ApiKeys key() {
        return ApiKeys.INIT_PRODUCER_ID;
    }

    @Override
    public CompletionStage<InitProducerIdResponseData> handle(
            Request<InitProducerIdRequestData> request) {
        if (request.body().transactionalId() != null) {
            return CompletableFuture.completedFuture(failed(Errors.INVALID_REQUEST));
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

    private static InitProducerIdResponseData failed(Errors error) {
        return new InitProducerIdResponseData().setErrorCode(error.code()).setProducerId(-1)
                .setProducerEpoch(NO_EPOCH);
    }
}
