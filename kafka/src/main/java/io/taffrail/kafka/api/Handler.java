package io.taffrail.kafka.api;

import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Answers requests of one kind. Called on the connection's event loop, which it must not block,
 * or beside it; the
 * result may complete on
 * any thread. A handler that fails with an
 * {@link org.apache.kafka.common.errors.ApiException} has the request as a whole answered with that
 * error; one that fails with anything else is answered with UNKNOWN_SERVER_ERROR and logged.
 */
public interface Handler<Q extends ApiMessage> {

    ApiKeys key();

    /**
     * Whether answering may take longer than an event loop can be kept, for a request of few bytes:
     * then {@link #handle} is called on another thread, as it is for every request of many bytes.
     * Few
     * such answers are made at once, as their objects are charged to nobody.
     */
    default boolean takesLong(Request<Q> request) {
        return false;
    }

    /** The response body, of the request's version. */
    CompletionStage<? extends ApiMessage> handle(Request<Q> request);
}
