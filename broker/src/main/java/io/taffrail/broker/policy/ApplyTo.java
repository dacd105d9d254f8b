package io.taffrail.broker.policy;

import io.taffrail.broker.queue.QueueType;
import java.util.Optional;

/** The kinds of object that a policy applies to. */
public enum ApplyTo {
    ALL("all"),
    QUEUES("queues"),
    CLASSIC_QUEUES("classic_queues"),
    QUORUM_QUEUES("quorum_queues"),
    STREAMS("streams"),
    EXCHANGES("exchanges");

    private final String text;

    ApplyTo(String text) {
        this.text = text;
    }

    /** The name in RabbitMQ. */
    public String text() {
        return text;
    }

    /** The value with this name in RabbitMQ. */
    public static Optional<ApplyTo> of(String text) {
        for (ApplyTo each : values()) {
            if (each.text.equals(text)) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    boolean includes(QueueType type) {
        return switch (this) {
            case ALL, QUEUES -> true;
            case CLASSIC_QUEUES -> type == QueueType.CLASSIC;
            case QUORUM_QUEUES -> type == QueueType.QUORUM;
            case STREAMS -> type == QueueType.STREAM;
            case EXCHANGES -> false;
        };
    }

    boolean includesExchanges() {
        return this == ALL || this == EXCHANGES;
    }
}
