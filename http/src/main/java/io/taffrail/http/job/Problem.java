package io.taffrail.http.job;

import io.taffrail.broker.BrokerException;
import io.taffrail.broker.job.JobException;
import io.taffrail.http.route.HttpAnswer;
import io.taffrail.http.route.HttpProblem;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;

/**
 * A refused request (RFC 9457).
 *
 * @param code
 *            last part of the type
 * @param job
 *            the job that the problem is about
 */
record Problem(int status, String code, String detail, Optional<UUID> job) {

    /** Media type of the answer. */
    static final String TYPE = HttpProblem.PROBLEM_JSON;

    /** A refusal by a route, of a request without a job. */
    static HttpProblem of(int status, String code, String detail) {
        return new HttpProblem(status, code, detail);
    }

    static HttpProblem invalid(String detail) {
        return of(400, "invalid", detail);
    }

    /** The problem that a failure is; empty if it is a fault of the broker. */
    static Optional<Problem> of(Throwable failure) {
        return switch (failure) {
            case CompletionException wrapped when wrapped.getCause() != null ->
                of(wrapped.getCause());
            case HttpProblem problem -> Optional.of(new Problem(problem.status(), problem.error(),
                    String.valueOf(problem.getMessage()), Optional.empty()));
            case JobException refusal -> Optional.of(new Problem(status(refusal.reason()),
                    refusal.reason().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    refusal.text(), refusal.job()));
            case BrokerException refusal -> Optional.of(new Problem(status(refusal),
                    refusal.error().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    refusal.detail(), Optional.empty()));
            default -> Optional.empty();
        };
    }

    private static int status(JobException.Reason reason) {
        return switch (reason) {
            case INVALID -> 400;
            case UNKNOWN -> 404;
            case FINISHED, WRONG_STATE, NOT_HELD, NOT_UNIQUE, KEY_BUSY -> 409;
            case KEY_REUSED -> 422;
            case TOO_MANY, REFUSED, OUT_OF_SERVICE -> 503;
        };
    }

    private static int status(BrokerException refusal) {
        return switch (refusal.error()) {
            case TOPIC_NOT_FOUND, VIRTUAL_HOST_NOT_FOUND, EXCHANGE_NOT_FOUND, QUEUE_NOT_FOUND,
                    BINDING_NOT_FOUND, OBJECT_NOT_FOUND ->
                404;
            case ACCESS_REFUSED -> 403;
            case OBJECT_EXISTS, TOPIC_EXISTS, QUEUE_LOCKED, PRECONDITION_FAILED -> 409;
            case STORAGE_FAILED, BROKER_CLOSING, QUEUE_QUARANTINED, OBJECT_LIMIT_REACHED -> 503;
            case INVALID_TOPIC_NAME, INVALID_PARTITION_COUNT, INVALID_TOPIC_CONFIG,
                    TOPIC_DELETION_DISABLED, PARTITION_LIMIT_REACHED, NOT_ALLOWED,
                    NOT_IMPLEMENTED, INVALID_DEFINITION ->
                400;
        };
    }

    HttpAnswer answer() {
        Map<String, Object> object = new LinkedHashMap<>(
                HttpProblem.problemFields(status, code, detail));
        job.ifPresent(id -> object.put("job", id.toString()));
        HttpAnswer answer = HttpAnswer.json(status, object).as(TYPE);
        return status == 503 ? answer.with("retry-after", "1") : answer;
    }
}
