package io.taffrail.testkit.bridge;

import java.time.InstantSource;
import java.util.Map;

/** Starts brokers; one instance for each class loader of brokers. */
public interface EmbeddedBrokers {

    /**
     * Starts a broker; when this returns, clients are served.
     *
     * @param settings
     *            configuration by key; without {@code data.dir} everything is kept in memory
     * @param clock
     *            the broker's time
     */
    EmbeddedBroker start(Map<String, String> settings, InstantSource clock);
}
