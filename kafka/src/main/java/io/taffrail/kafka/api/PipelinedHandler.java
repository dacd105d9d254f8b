package io.taffrail.kafka.api;

import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Answers requests of a kind of which several of one connection may be under way: the next one is
 * handled as soon as this one's {@link #handle} has returned. Replies are sent in order.
 */
public interface PipelinedHandler<Q extends ApiMessage> {

    ApiKeys key();

    /**
     * Handles a request; called on the connection's event loop, which it must not block.
     *
     * @param taken
     *            to be run once, on any thread, when the request's byte buffers are no longer used;
     *            not if this method throws
     */
    CompletionStage<Reply> handle(Request<Q> request, Runnable taken);
}
