package io.taffrail.verify.amqp;

import java.util.Locale;

/** The type of a durable queue, as in its argument {@code x-queue-type}. */
public enum TargetQueueType {

    CLASSIC, QUORUM;

    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
