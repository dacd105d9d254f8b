package io.taffrail.testkit.bridge;

import java.time.InstantSource;
import java.util.Map;
import java.util.function.LongSupplier;

/** Starts brokers; one instance for each class loader of brokers. */
public interface EmbeddedBrokers {

    /**
     * Starts a broker; when this returns, clients are served.
     *
     * @param settings
     *            configuration by key; without {@code data.dir} everything is kept in memory
     * @param clock
     *            the broker's time of day
     * @param nanoTime
     *            elapsed time that waits in the broker go by
     */
    EmbeddedBroker start(Map<String, String> settings, InstantSource clock,
            LongSupplier nanoTime);
}
