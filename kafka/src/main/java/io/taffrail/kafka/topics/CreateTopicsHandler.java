package io.taffrail.kafka.topics;

import io.taffrail.broker.Broker;
import io.taffrail.broker.topic.NewTopic;
import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.topic.TopicOutcome;
import io.taffrail.kafka.api.FewAtOnce;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import io.taffrail.kafka.api.TopicIds;
import io.taffrail.kafka.configs.TopicEntries;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** CreateTopics, including {@code validateOnly}. */
public record CreateTopicsHandler(Broker broker) implements Handler<CreateTopicsRequestData> {

    /** The same limit as in Kafka 4. */
    static final int MAX_PARTITIONS_PER_REQUEST = 10_000;

    @Override
    public ApiKeys key() {
        return ApiKeys.CREATE_TOPICS;
    }

    @Override
    public CompletionStage<CreateTopicsResponseData> handle(
            Request<CreateTopicsRequestData> request) {
        CreateTopicsRequestData body = request.body();
        Map<String, Integer> named = new HashMap<>();
        body.topics().forEach(topic -> named.merge(topic.name(), 1, Integer::sum));
        long partitions = body.topics().stream().mapToLong(this::partitions).sum();
        List<CreatableTopic> once = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        body.topics().stream().filter(topic -> seen.add(topic.name())).forEach(once::add);
        return FewAtOnce
                .of(once, topic -> named.getOrDefault(topic.name(), 0) > 1
                        ? done(failed(topic, Errors.INVALID_REQUEST, "Duplicate topic name."))
                        : create(topic, partitions, body.validateOnly()))
                .thenApply(results -> {
                    CreateTopicsResponseData response = new CreateTopicsResponseData();
                    results.forEach(response.topics()::add);
                    return response;
                });
    }

    private long partitions(CreatableTopic topic) {
        return topic.numPartitions() < 0 && topic.assignments().isEmpty()
                ? broker.config().numPartitions()
                : Math.max(topic.numPartitions(), topic.assignments().size());
    }

    private CompletableFuture<CreatableTopicResult> create(CreatableTopic topic,
            long partitionsOfRequest, boolean validateOnly) {
        Optional<TopicRefusal> problem = problem(topic, partitionsOfRequest);
        if (problem.isPresent()) {
            return done(failed(topic, problem.get().error(), problem.get().message()));
        }
        NewTopic wanted = NewTopicRequest.of(topic, broker.config());
        if (validateOnly) {
            return done(broker.topics().check(wanted).map(refused -> refused(topic, refused))
                    .orElseGet(() -> result(wanted)));
        }
        return broker.topics().create(wanted).thenApply(outcome -> switch (outcome) {
            case TopicOutcome.Done(Topic created) ->
                result(wanted).setTopicId(TopicIds.toKafka(created.id()));
            case TopicOutcome.Refused refused -> refused(topic, refused);
        });
    }

    /** The first problem of a request. TOPIC_ALREADY_EXISTS precedes all others of the topic. */
    private Optional<TopicRefusal> problem(CreatableTopic topic, long partitionsOfRequest) {
        if (partitionsOfRequest > MAX_PARTITIONS_PER_REQUEST) {
            return Optional.of(new TopicRefusal(Errors.POLICY_VIOLATION,
                    "Excessively large number of partitions per request."));
        }
        if (broker.topics().find(topic.name()).isPresent()) {
            return Optional.of(new TopicRefusal(Errors.TOPIC_ALREADY_EXISTS,
                    "Topic '" + topic.name() + "' already exists."));
        }
        return NewTopicRequest.problem(topic, broker.config().nodeId());
    }

    private CreatableTopicResult result(NewTopic topic) {
        return new CreatableTopicResult().setName(topic.name())
                .setNumPartitions(topic.partitions()).setReplicationFactor((short) 1)
                .setConfigs(TopicEntries.of(topic.overrides(), broker.topics().defaults()).stream()
                        .map(entry -> new CreatableTopicConfigs().setName(entry.name())
                                .setValue(entry.value()).setConfigSource(entry.source().id())
                                .setReadOnly(entry.readOnly()))
                        .toList());
    }

    private static CreatableTopicResult refused(CreatableTopic topic,
            TopicOutcome.Refused refused) {
        TopicRefusal refusal = TopicRefusal.of(refused);
        return failed(topic, refusal.error(), refusal.message());
    }

    private static CreatableTopicResult failed(CreatableTopic topic, Errors error,
            String message) {
        return new CreatableTopicResult().setName(topic.name()).setErrorCode(error.code())
                .setErrorMessage(message);
    }

    private static <T> CompletableFuture<T> done(T value) {
        return CompletableFuture.completedFuture(value);
    }
}
