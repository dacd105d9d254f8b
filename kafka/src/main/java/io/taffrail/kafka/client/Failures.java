package io.taffrail.kafka.client;

import io.taffrail.kafka.client.ClientException.Reason;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicDeletionDisabledException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Conversion of exceptions of Kafka's clients to {@link ClientException}s. */
final class Failures {

    private Failures() {}

    /** Waits for a response; its failure is thrown as a {@link ClientException}. */
    static <T> T await(String what, KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw of(what, e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientException(Reason.FAILED, what + ": interrupted", e);
        }
    }

    /**
     * As {@link #await(String, KafkaFuture)}, but a failure because {@code object} does not exist
     * names only that, for example {@code no topic 'orders'}.
     */
    static <T> T await(String what, String object, KafkaFuture<T> answer) {
        try {
            return await(what, answer);
        } catch (ClientException e) {
            throw e.reason() == Reason.NOT_FOUND
                    ? new ClientException(Reason.NOT_FOUND, "no " + object, e)
                    : e;
        }
    }

    /** A topic in the message of a failure. */
    static String topic(String name) {
        return "topic '" + name + "'";
    }

    /** A group in the message of a failure. */
    static String group(String id) {
        return "group '" + id + "'";
    }

    /** The exception for a failure of the request that {@code what} describes. */
    static ClientException of(String what, Throwable failure) {
        return switch (failure) {
            case ClientException known -> known;
            case CompletionException wrapped when wrapped.getCause() != null ->
                of(what, wrapped.getCause());
            case InterruptException interrupted ->
                new ClientException(Reason.FAILED, what + ": interrupted", interrupted);
            case KafkaException kafka ->
                new ClientException(reason(kafka), what + ": " + sentence(kafka), kafka);
            default -> new ClientException(Reason.FAILED, what + ": " + failure, failure);
        };
    }

    private static Reason reason(KafkaException failure) {
        return switch (failure) {
            case UnknownTopicOrPartitionException ignored -> Reason.NOT_FOUND;
            case GroupIdNotFoundException ignored -> Reason.NOT_FOUND;
            case TopicExistsException ignored -> Reason.EXISTS;
            case TimeoutException ignored -> Reason.TIMED_OUT;
            case InvalidTopicException ignored -> Reason.INVALID;
            case InvalidPartitionsException ignored -> Reason.INVALID;
            case AuthorizationException ignored -> Reason.REFUSED;
            case InvalidConfigurationException ignored -> Reason.INVALID;
            case InvalidRequestException ignored -> Reason.INVALID;
            case GroupNotEmptyException ignored -> Reason.REFUSED;
            case TopicDeletionDisabledException ignored -> Reason.REFUSED;
            case PolicyViolationException ignored -> Reason.REFUSED;
            default -> Reason.FAILED;
        };
    }

    private static String sentence(KafkaException failure) {
        return switch (failure) {
            case UnknownTopicOrPartitionException ignored -> "no such topic or partition";
            case GroupIdNotFoundException ignored -> "no such group";
            case GroupNotEmptyException ignored -> "the group has active members";
            case TopicExistsException ignored -> "the topic exists already";
            case RecordTooLargeException ignored -> text(failure);
            case ApiException api -> text(api);
            default -> failure.getCause() instanceof KafkaException cause
                    ? text(failure) + ": " + text(cause)
                    : text(failure);
        };
    }

    private static String text(KafkaException failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
