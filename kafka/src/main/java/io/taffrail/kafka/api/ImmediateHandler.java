package io.taffrail.kafka.api;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * A handler that computes its response from the request alone.
 *
 * @param answer
 *            returns the response body in the request's version; called on the connection's event
 *            loop
 */
public record ImmediateHandler<Q extends ApiMessage>(ApiKeys key,
        Function<Request<Q>, ApiMessage> answer) implements Handler<Q> {

    @Override
    public CompletionStage<ApiMessage> handle(Request<Q> request) {
        return CompletableFuture.completedFuture(answer.apply(request));
    }
}
