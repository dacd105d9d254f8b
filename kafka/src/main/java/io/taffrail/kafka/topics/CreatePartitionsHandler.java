package io.taffrail.kafka.topics;

import io.taffrail.broker.Broker;
import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.topic.TopicOutcome;
import io.taffrail.kafka.api.FewAtOnce;
import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.Request;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;

/** CreatePartitions, including {@code validateOnly}. */
public record CreatePartitionsHandler(
        Broker broker) implements Handler<CreatePartitionsRequestData> {

    @Override
    public ApiKeys key() {
        return ApiKeys.CREATE_PARTITIONS;
    }

    @Override
    public CompletionStage<CreatePartitionsResponseData> handle(
            Request<CreatePartitionsRequestData> request) {
        CreatePartitionsRequestData body = request.body();
        Map<String, Integer> named = new HashMap<>();
        body.topics().forEach(topic -> named.merge(topic.name(), 1, Integer::sum));
        boolean tooMany = body.topics().stream().mapToLong(this::more)
                .sum() > CreateTopicsHandler.MAX_PARTITIONS_PER_REQUEST;
        List<CreatePartitionsTopic> once = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        body.topics().stream().filter(topic -> seen.add(topic.name())).forEach(once::add);
        return FewAtOnce.of(once, topic -> {
            if (named.getOrDefault(topic.name(), 0) > 1) {
                return done(failed(topic,
                        new TopicRefusal(Errors.INVALID_REQUEST, "Duplicate topic name.")));
            }
            return tooMany
                    ? done(failed(topic, new TopicRefusal(Errors.POLICY_VIOLATION,
                            "Excessively large number of partitions per request.")))
                    : grow(topic, body.validateOnly());
        }).thenApply(results -> new CreatePartitionsResponseData().setResults(results));
    }

    /** Number of partitions that the request adds to a topic. */
    private long more(CreatePartitionsTopic wanted) {
        int present = broker.topics().find(wanted.name())
                .map(topic -> topic.partitions().size()).orElse(wanted.count());
        return Math.max(0L, (long) wanted.count() - present);
    }

    private CompletableFuture<CreatePartitionsTopicResult> grow(CreatePartitionsTopic topic,
            boolean validateOnly) {
        Optional<TopicRefusal> problem = problem(topic);
        if (problem.isPresent()) {
            return done(failed(topic, problem.get()));
        }
        if (validateOnly) {
            return done(result(topic));
        }
        return broker.topics().addPartitions(topic.name(), topic.count())
                .thenApply(outcome -> switch (outcome) {
                    case TopicOutcome.Done _ -> result(topic);
                    case TopicOutcome.Refused refused -> failed(topic, TopicRefusal.of(refused));
                });
    }

    private Optional<TopicRefusal> problem(CreatePartitionsTopic wanted) {
        Optional<TopicRefusal> refused = broker.topics()
                .checkPartitions(wanted.name(), wanted.count()).map(TopicRefusal::of);
        if (refused.isPresent()) {
            return refused;
        }
        Topic topic = broker.topics().find(wanted.name()).orElse(null);
        if (topic != null && topic.internal()) {
            return Optional.of(new TopicRefusal(Errors.INVALID_TOPIC_EXCEPTION,
                    "The topic " + topic.name() + " is kept by the broker itself."));
        }
        if (topic == null || wanted.assignments() == null) {
            return Optional.empty();
        }
        int more = wanted.count() - topic.partitions().size();
        if (wanted.assignments().size() != more) {
            return Optional.of(new TopicRefusal(Errors.INVALID_REPLICA_ASSIGNMENT,
                    "Attempted to add " + more + " additional partition(s), but only "
                            + wanted.assignments().size() + " assignment(s) were specified."));
        }
        for (CreatePartitionsAssignment assignment : wanted.assignments()) {
            Optional<TopicRefusal> bad = Assignments.problem(assignment.brokerIds(),
                    broker.config().nodeId());
            if (bad.isPresent()) {
                return bad;
            }
        }
        return Optional.empty();
    }

    private static CreatePartitionsTopicResult result(CreatePartitionsTopic topic) {
        return new CreatePartitionsTopicResult().setName(topic.name()).setErrorMessage(null);
    }

    private static CreatePartitionsTopicResult failed(CreatePartitionsTopic topic,
            TopicRefusal refusal) {
        return new CreatePartitionsTopicResult().setName(topic.name())
                .setErrorCode(refusal.error().code()).setErrorMessage(refusal.message());
    }

    private static CompletableFuture<CreatePartitionsTopicResult> done(
            CreatePartitionsTopicResult value) {
        return CompletableFuture.completedFuture(value);
    }
}
