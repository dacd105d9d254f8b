package io.taffrail.kafka.api;

import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Answers requests of one kind. Called on the connection's event loop, which it must not block; the
 * result may complete on
 * any thread. A handler that fails is answered with UNKNOWN_SERVER_ERROR and logged, so expected
 * errors are
 * part of the response.
 */
public interface Handler<Q extends ApiMessage> {

    ApiKeys key();

    /** The response body, of the request's version. */
    CompletionStage<? extends ApiMessage> handle(Request<Q> request);
}
