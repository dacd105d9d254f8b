package io.taffrail.kafka.topics;

import io.taffrail.broker.Broker;
import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.topic.TopicOutcome;
import io.taffrail.kafka.api.FewAtOnce;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import io.taffrail.kafka.api.TopicIds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** DeleteTopics, by name or by id. */
public record DeleteTopicsHandler(Broker broker) implements Handler<DeleteTopicsRequestData> {

    private static final int STATES_FROM_VERSION = 6;

    @Override
    public ApiKeys key() {
        return ApiKeys.DELETE_TOPICS;
    }

    @Override
    public CompletionStage<DeleteTopicsResponseData> handle(
            Request<DeleteTopicsRequestData> request) {
        List<DeleteTopicState> wanted = request.version() >= STATES_FROM_VERSION
                ? request.body().topics()
                : request.body().topicNames().stream()
                        .map(name -> new DeleteTopicState().setName(name)).toList();
        Map<Object, Integer> named = new HashMap<>();
        wanted.forEach(topic -> named.merge(subject(topic), 1, Integer::sum));
        List<DeleteTopicState> once = new ArrayList<>();
        Set<Object> seen = new HashSet<>();
        wanted.stream().filter(topic -> seen.add(subject(topic))).forEach(once::add);
        return FewAtOnce.of(once, topic -> named.getOrDefault(subject(topic), 0) > 1
                ? done(failed(topic, Errors.INVALID_REQUEST,
                        topic.name() == null
                                ? "Duplicate topic id."
                                : "Duplicate topic name."))
                : delete(topic, request.version())).thenApply(results -> {
                    DeleteTopicsResponseData response = new DeleteTopicsResponseData();
                    results.forEach(response.responses()::add);
                    return response;
                });
    }

    /**
     * A result hashed by identity. The response class keeps results in a hash table by name, and
     * all unknown topics that were named by id would have the same hash.
     */
    private static final class Result extends DeletableTopicResult {
        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    private static Object subject(DeleteTopicState topic) {
        return topic.name() == null ? topic.topicId() : topic.name();
    }

    private CompletableFuture<DeletableTopicResult> delete(DeleteTopicState wanted,
            short version) {
        if (!broker.config().deleteTopics()) {
            return done(refused(wanted, new TopicRefusal(Errors.TOPIC_DELETION_DISABLED,
                    Errors.TOPIC_DELETION_DISABLED.message()), version));
        }
        boolean byId = !wanted.topicId().equals(Uuid.ZERO_UUID);
        if (byId == (wanted.name() != null)) {
            return done(failed(wanted, Errors.INVALID_REQUEST, byId
                    ? "You may not specify both topic name and topic id."
                    : "Neither topic name nor id were specified."));
        }
        Optional<Topic> topic = byId
                ? broker.topics().find(TopicIds.fromKafka(wanted.topicId()))
                : broker.topics().find(wanted.name());
        if (topic.isEmpty()) {
            return done(failed(wanted, byId
                    ? Errors.UNKNOWN_TOPIC_ID
                    : Errors.UNKNOWN_TOPIC_OR_PARTITION, null));
        }
        if (topic.get().internal()) {
            return done(failed(wanted, Errors.INVALID_TOPIC_EXCEPTION,
                    "The topic " + topic.get().name() + " is kept by the broker itself."));
        }
        return broker.topics().delete(topic.get().name()).thenApply(outcome -> switch (outcome) {
            case TopicOutcome.Done(Topic deleted) -> new Result()
                    .setName(deleted.name()).setTopicId(TopicIds.toKafka(deleted.id()));
            case TopicOutcome.Refused refused -> refused(wanted, TopicRefusal.of(refused), version);
        });
    }

    private static DeletableTopicResult refused(DeleteTopicState wanted, TopicRefusal refusal,
            short version) {
        boolean unknownToClient = refusal.error() == Errors.TOPIC_DELETION_DISABLED && version < 3;
        return failed(wanted, unknownToClient ? Errors.INVALID_REQUEST : refusal.error(),
                refusal.message());
    }

    private static DeletableTopicResult failed(DeleteTopicState wanted, Errors error,
            @Nullable String message) {
        return new Result().setName(wanted.name()).setTopicId(wanted.topicId())
                .setErrorCode(error.code())
                .setErrorMessage(message == null ? error.message() : message);
    }

    private static CompletableFuture<DeletableTopicResult> done(DeletableTopicResult value) {
        return CompletableFuture.completedFuture(value);
    }
}
