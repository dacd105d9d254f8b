package io.taffrail.verify.amqp;

import java.util.Locale;

/** Which durable queue, by its {@code x-queue-type}. */
public enum QueueType {

    CLASSIC, QUORUM;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
