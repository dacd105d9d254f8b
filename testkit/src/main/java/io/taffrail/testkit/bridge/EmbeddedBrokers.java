package io.taffrail.testkit.bridge;

import java.time.InstantSource;
import java.util.Map;
import java.util.function.LongSupplier;

/** A factory of brokers; one instance for each broker class loader. */
public interface EmbeddedBrokers {

    /**
     * Starts a broker; it serves clients when this returns.
     *
     * @param settings
     *            configuration by key; without {@code data.dir} all data is kept in memory
     * @param clock
     *            the broker's time of day
     * @param nanoTime
     *            elapsed time in nanoseconds for the broker's waits
     */
    EmbeddedBroker start(Map<String, String> settings, InstantSource clock,
            LongSupplier nanoTime);
}
