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

    /** What a handler tells the connection while its request is under way. */
    interface Course {

        /** The request's byte buffers are no longer used; once, on any thread. */
        void taken();

        /**
         * No later request of the connection begins until {@link #resume}; called within
         * {@link PipelinedHandler#handle}.
         */
        void hold();

        /** Runs {@code last} on the connection's event loop, then ends {@link #hold}. */
        void resume(Runnable last);
    }

    /**
     * Handles a request; called on the connection's event loop, which it must not block.
     *
     * @param course
     *            has {@link Course#taken} called once, also where the result fails; not if this
     *            method throws
     */
    CompletionStage<Reply> handle(Request<Q> request, Course course);
}
