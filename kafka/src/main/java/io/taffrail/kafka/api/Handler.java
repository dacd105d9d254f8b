package io.taffrail.kafka.api;

import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Handler of one kind of request. It is called on the connection's event loop, which it must not
 * block, or on a worker thread. The result may complete on any thread. If a handler fails with an
 * {@link org.apache.kafka.common.errors.ApiException}, the whole request is answered with that
 * error. Any other failure is logged and answered with UNKNOWN_SERVER_ERROR.
 */
public interface Handler<Q extends ApiMessage> {

    ApiKeys key();

    /**
     * Whether a request of few bytes may take too long for an event loop. {@link #handle} is then
     * called on a worker thread, as for every request of many bytes. The number of such responses
     * that are created at once is limited, because their objects are not charged to any connection.
     */
    default boolean takesLong(Request<Q> request) {
        return false;
    }

    /** Handles a request and returns the response body in the request's version. */
    CompletionStage<? extends ApiMessage> handle(Request<Q> request);
}
