package io.taffrail.kafka.api;

import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Answers requests of one kind. Called on the connection's event loop, which it must not block; the
 * result may complete on
 * any thread. A handler that fails with an
 * {@link org.apache.kafka.common.errors.ApiException} has the request as a whole answered with that
 * error; one that fails with anything else is answered with UNKNOWN_SERVER_ERROR and logged.
 */
public interface Handler<Q extends ApiMessage> {

    ApiKeys key();

    /** The response body, of the request's version. */
    CompletionStage<? extends ApiMessage> handle(Request<Q> request);
}
