package io.taffrail.kafka.api;

import java.util.UUID;
import org.apache.kafka.common.Uuid;

/** Topic ids as Kafka writes them and as the domain does. */
public final class TopicIds {

    private TopicIds() {}

    public static Uuid toKafka(UUID id) {
        return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    public static UUID fromKafka(Uuid id) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }
}
