package io.taffrail.broker.queue;

import java.util.Arrays;
import java.util.Optional;

/** Kinds of queue, over the same engine. */
public enum QueueType {

    /** Of one's choice: may be transient, exclusive, prioritised. */
    CLASSIC("classic"),

    /** Durable, with exact delivery counts and a limit to them. */
    QUORUM("quorum"),

    /** A log that consumers read from an offset of theirs; reading takes nothing away. */
    STREAM("stream");

    private final String argument;

    QueueType(String argument) {
        this.argument = argument;
    }

    /** The type that {@code x-queue-type} calls so. */
    public static Optional<QueueType> find(String argument) {
        return Arrays.stream(values()).filter(type -> type.argument.equals(argument)).findFirst();
    }

    /** The value of {@code x-queue-type}. */
    public String argument() {
        return argument;
    }
}
