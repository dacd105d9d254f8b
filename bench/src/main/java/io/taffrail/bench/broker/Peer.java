package io.taffrail.bench.broker;

import java.util.Locale;

/** A broker under comparison. */
public enum Peer {
    TAFFRAIL, KAFKA, RABBITMQ;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
