package io.taffrail.kafka.configs;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/** All kinds of resources that have settings. */
public record ConfigSubjects(List<ConfigSubject> all) {

    Optional<ConfigSubject> find(ConfigResource.Type type) {
        return all.stream().filter(subject -> subject.type() == type).findFirst();
    }

    /** The kind with this number on the wire; fails with INVALID_REQUEST if there is none. */
    ConfigSubject require(byte type) {
        return find(ConfigResource.Type.forId(type)).orElseThrow(() -> new InvalidRequestException(
                "Unsupported resource type: " + ConfigResource.Type.forId(type) + " (" + type
                        + ")"));
    }

    /** The error that the client receives for a failure. */
    static ApiError error(Throwable failure) {
        Throwable cause = failure instanceof CompletionException
                && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof ApiException
                ? ApiError.fromThrowable(cause)
                : new ApiError(Errors.UNKNOWN_SERVER_ERROR, "the request failed");
    }
}
