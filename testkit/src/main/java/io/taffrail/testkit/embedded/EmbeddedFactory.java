package io.taffrail.testkit.embedded;

import io.taffrail.cli.server.Taffrail;
import io.taffrail.testkit.bridge.EmbeddedBroker;
import io.taffrail.testkit.bridge.EmbeddedBrokers;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.LongSupplier;

/** The entry point that the testkit looks up by name in the broker's class loader. */
public final class EmbeddedFactory implements EmbeddedBrokers {

    /** Begins to load the broker's classes. */
    public EmbeddedFactory() {
        Taffrail.preload();
    }

    @Override
    public EmbeddedBroker start(Map<String, String> settings, InstantSource clock,
            LongSupplier nanoTime) {
        return new Embedded(settings, clock, nanoTime);
    }
}
