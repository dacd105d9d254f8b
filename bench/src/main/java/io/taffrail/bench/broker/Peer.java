package io.taffrail.bench.broker;

import java.util.Locale;

/** The side of the comparison a broker stands on. */
public enum Peer {
    TAFFRAIL, KAFKA, RABBITMQ;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
