package io.taffrail.kafka.topics;

import io.taffrail.broker.BrokerConfig;
import io.taffrail.broker.topic.NewTopic;
import io.taffrail.kafka.api.InternalTopics;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableReplicaAssignment;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.protocol.Errors;

/** Conversion of a topic of CreateTopics to the domain's {@link NewTopic}. */
final class NewTopicRequest {

    private static final int DEFAULT = -1;

    private NewTopicRequest() {}

    /**
     * The part of the request that a single node cannot satisfy, in Kafka's words; empty if none.
     */
    static Optional<TopicRefusal> problem(CreatableTopic topic, int nodeId) {
        if (topic.name().equals(Topic.CLUSTER_METADATA_TOPIC_NAME)) {
            return refuse(Errors.INVALID_REQUEST,
                    "Creation of internal topic " + topic.name() + " is prohibited.");
        }
        if (InternalTopics.reserved(topic.name())) {
            return refuse(Errors.TOPIC_ALREADY_EXISTS, "The topic " + topic.name()
                    + " is kept by the broker itself, which makes it when it needs it.");
        }
        for (CreatableTopicConfig config : topic.configs()) {
            if (config.value() == null) {
                return refuse(Errors.INVALID_CONFIG,
                        "Null value not supported for topic configs: " + config.name());
            }
        }
        return topic.assignments().isEmpty() ? counts(topic) : assignments(topic, nodeId);
    }

    private static Optional<TopicRefusal> counts(CreatableTopic topic) {
        if (topic.replicationFactor() < DEFAULT || topic.replicationFactor() == 0) {
            return refuse(Errors.INVALID_REPLICATION_FACTOR, "Replication factor must be larger"
                    + " than 0, or -1 to use the default value.");
        }
        if (topic.numPartitions() < DEFAULT || topic.numPartitions() == 0) {
            return refuse(Errors.INVALID_PARTITIONS,
                    "Number of partitions was set to an invalid non-positive value.");
        }
        if (topic.replicationFactor() > 1) {
            return refuse(Errors.INVALID_REPLICATION_FACTOR, "Unable to replicate the partition "
                    + topic.replicationFactor() + " time(s): The target replication factor of "
                    + topic.replicationFactor()
                    + " cannot be reached because only 1 broker(s) are registered.");
        }
        return Optional.empty();
    }

    private static Optional<TopicRefusal> assignments(CreatableTopic topic, int nodeId) {
        if (topic.replicationFactor() != DEFAULT) {
            return refuse(Errors.INVALID_REQUEST, "A manual partition assignment was specified,"
                    + " but replication factor was not set to -1.");
        }
        if (topic.numPartitions() != DEFAULT) {
            return refuse(Errors.INVALID_REQUEST, "A manual partition assignment was specified,"
                    + " but numPartitions was not set to -1.");
        }
        Set<Integer> indexes = new HashSet<>();
        for (CreatableReplicaAssignment assignment : topic.assignments()) {
            Optional<TopicRefusal> bad = Assignments.problem(assignment.brokerIds(), nodeId);
            if (bad.isPresent()) {
                return bad;
            }
            indexes.add(assignment.partitionIndex());
        }
        for (int index = 0; index < topic.assignments().size(); index++) {
            if (!indexes.contains(index)) {
                return refuse(Errors.INVALID_REPLICA_ASSIGNMENT,
                        "partitions should be a consecutive 0-based integer sequence");
            }
        }
        return Optional.empty();
    }

    /** Converts a topic that has no {@link #problem}. */
    static NewTopic of(CreatableTopic topic, BrokerConfig broker) {
        int partitions = topic.assignments().isEmpty()
                ? topic.numPartitions()
                : topic.assignments().size();
        Map<String, String> overrides = new HashMap<>();
        List.copyOf(topic.configs()).forEach(config -> overrides.put(config.name(),
                config.value()));
        return NewTopic.of(topic.name(),
                partitions == DEFAULT ? broker.numPartitions() : partitions, overrides);
    }

    private static Optional<TopicRefusal> refuse(Errors error, String message) {
        return Optional.of(new TopicRefusal(error, message));
    }
}
