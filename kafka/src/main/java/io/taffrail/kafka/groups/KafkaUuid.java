package io.taffrail.kafka.groups;

import java.util.UUID;
import org.apache.kafka.common.Uuid;

/** The same 128 bits as Java and as Kafka name them. */
final class KafkaUuid {

    private KafkaUuid() {}

    static Uuid of(UUID id) {
        return new Uuid(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    static UUID toJava(Uuid id) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }
}
