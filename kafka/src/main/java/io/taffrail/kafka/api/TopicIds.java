package io.taffrail.kafka.api;

import java.util.UUID;
import org.apache.kafka.common.Uuid;

/** Conversion between Kafka's topic ids and the domain's. */
public final class TopicIds {

    private TopicIds() {}

    public static Uuid toKafka(UUID id) {
        return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    public static UUID fromKafka(Uuid id) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }
}
