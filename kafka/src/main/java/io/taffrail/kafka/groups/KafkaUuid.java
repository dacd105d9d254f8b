package io.taffrail.kafka.groups;

import java.util.UUID;
import org.apache.kafka.common.Uuid;

/** Conversion between Java's and Kafka's classes for a 128-bit UUID. */
final class KafkaUuid {

    private KafkaUuid() {}

    static Uuid of(UUID id) {
        return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    static UUID toJava(Uuid id) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }
}
