package io.taffrail.http.server;

import io.taffrail.broker.BrokerException;
import io.taffrail.http.route.HttpProblem;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** Translates errors of the broker into RabbitMQ's answers. */
final class BrokerProblems {

    private BrokerProblems() {}

    /** The answer to a failure that is the client's or the broker's present state; else empty. */
    static Optional<HttpProblem> of(Throwable failure) {
        return switch (failure) {
            case HttpProblem problem -> Optional.of(problem);
            case BrokerException refusal -> Optional.of(of(refusal));
            case CompletionException wrapped when wrapped.getCause() != null ->
                of(wrapped.getCause());
            default -> Optional.empty();
        };
    }

    private static HttpProblem of(BrokerException refusal) {
        String reason = refusal.detail();
        return switch (refusal.error()) {
            case TOPIC_NOT_FOUND, VIRTUAL_HOST_NOT_FOUND, EXCHANGE_NOT_FOUND, QUEUE_NOT_FOUND,
                    BINDING_NOT_FOUND, OBJECT_NOT_FOUND ->
                new HttpProblem(404, "not_found", reason);
            case ACCESS_REFUSED -> HttpProblem.notAuthorised("Access refused.");
            case OBJECT_EXISTS, TOPIC_EXISTS -> new HttpProblem(409, "conflict", reason);
            case STORAGE_FAILED, BROKER_CLOSING, QUEUE_QUARANTINED ->
                new HttpProblem(503, "unavailable", reason);
            case INVALID_TOPIC_NAME, INVALID_PARTITION_COUNT, INVALID_TOPIC_CONFIG,
                    TOPIC_DELETION_DISABLED, PARTITION_LIMIT_REACHED, NOT_ALLOWED,
                    NOT_IMPLEMENTED, QUEUE_LOCKED, PRECONDITION_FAILED, INVALID_DEFINITION,
                    OBJECT_LIMIT_REACHED ->
                HttpProblem.badRequest(reason);
        };
    }
}
