package io.taffrail.broker.queue;

import java.util.Arrays;
import java.util.Optional;

/** Kinds of queue. */
public enum QueueType {

    /** May be transient, exclusive or have priorities. */
    CLASSIC("classic"),

    /** Durable, with exact delivery counts and a delivery limit. */
    QUORUM("quorum"),

    /**
     * A log that each consumer reads from an offset of its own; messages stay after they were read.
     */
    STREAM("stream");

    private final String argument;

    QueueType(String argument) {
        this.argument = argument;
    }

    /** The type with this {@code x-queue-type}. */
    public static Optional<QueueType> find(String argument) {
        return Arrays.stream(values()).filter(type -> type.argument.equals(argument)).findFirst();
    }

    /** The value of {@code x-queue-type}. */
    public String argument() {
        return argument;
    }
}
