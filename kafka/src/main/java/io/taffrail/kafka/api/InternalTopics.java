package io.taffrail.kafka.api;

import java.util.Set;
import org.apache.kafka.common.internals.Topic;

/** Names of Kafka's internal topics, which clients may not create. */
public final class InternalTopics {

    private static final Set<String> RESERVED = Set.of(Topic.GROUP_METADATA_TOPIC_NAME,
            Topic.TRANSACTION_STATE_TOPIC_NAME, Topic.SHARE_GROUP_STATE_TOPIC_NAME,
            Topic.CLUSTER_METADATA_TOPIC_NAME);

    private InternalTopics() {}

    /** Whether the name belongs to an internal topic of Kafka. */
    public static boolean reserved(String name) {
        return RESERVED.contains(name);
    }
}
