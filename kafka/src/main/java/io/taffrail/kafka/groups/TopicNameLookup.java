package io.taffrail.kafka.groups;

import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.topic.Topics;
import io.taffrail.kafka.api.TopicIds;
import java.util.Optional;
import org.apache.kafka.common.Uuid;

/**
 * Conversion between topic names, which groups store, and topic ids, which newer requests carry.
 */
record TopicNameLookup(Topics topics) {

    Optional<String> name(Uuid id) {
        return topics.find(TopicIds.fromKafka(id)).map(Topic::name);
    }

    Optional<Uuid> id(String name) {
        return topics.find(name).map(topic -> TopicIds.toKafka(topic.id()));
    }

    /** Number of partitions of a topic; 0 if it does not exist. */
    int partitions(String name) {
        return topics.find(name).map(topic -> topic.partitions().size()).orElse(0);
    }

    long allPartitions() {
        return topics.all().stream().mapToLong(topic -> topic.partitions().size()).sum();
    }

    boolean exists(String name, int partition) {
        return partition >= 0 && topics.find(name)
                .filter(topic -> partition < topic.partitions().size()).isPresent();
    }
}
