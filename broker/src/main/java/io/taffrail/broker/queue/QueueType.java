package io.taffrail.broker.queue;

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

    /** The value of {@code x-queue-type}. */
    public String argument() {
        return argument;
    }
}
