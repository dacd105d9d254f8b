package io.taffrail.kafka.api;

import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * Handler of a kind of request of which one connection may have several in flight. The next request
 * is handled as soon as {@link #handle} has returned. Replies are sent in order.
 */
public interface PipelinedHandler<Q extends ApiMessage> {

    ApiKeys key();

    /** Calls from the handler to the connection while its request is in flight. */
    interface Course {

        /**
         * Reports that the request's byte buffers are no longer used; called once, on any thread.
         */
        void taken();

        /**
         * Starts no later request of the connection until {@link #resume}. Must be called within
         * {@link PipelinedHandler#handle}.
         */
        void hold();

        /** Runs {@code last} on the connection's event loop, then ends {@link #hold}. */
        void resume(Runnable last);
    }

    /**
     * Handles a request. Called on the connection's event loop, which it must not block.
     *
     * @param course
     *            the handler calls {@link Course#taken} once, also if the result fails; not if this
     *            method throws
     */
    CompletionStage<Reply> handle(Request<Q> request, Course course);
}
