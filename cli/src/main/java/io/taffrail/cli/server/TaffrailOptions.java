package io.taffrail.cli.server;

import io.taffrail.cli.config.Config;
import io.taffrail.cli.config.ConfigSources;
import io.taffrail.log.spi.LogEngine;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * Options to start a broker with.
 *
 * @param config
 *            values of all keys
 * @param clock
 *            clock of the broker
 * @param engine
 *            engine to use instead of one on {@code data.dir}; closed with the broker
 */
public record TaffrailOptions(Config config, InstantSource clock, Optional<LogEngine> engine) {

    /** Options with this configuration, the system clock and an engine on the data directory. */
    public static TaffrailOptions of(Config config) {
        return new TaffrailOptions(config, InstantSource.system(), Optional.empty());
    }

    /**
     * As {@link #of(Config)}, with values by key and defaults for the other keys.
     *
     * @throws io.taffrail.cli.config.ConfigException
     *             if a key is unknown or a value is invalid
     */
    public static TaffrailOptions of(Map<String, String> settings) {
        ConfigSources sources = new ConfigSources(Configuration.catalog());
        settings.forEach((key, text) -> sources.set(key, text, "options"));
        return of(sources.read());
    }

    public TaffrailOptions withClock(InstantSource value) {
        return new TaffrailOptions(config, value, engine);
    }

    public TaffrailOptions withEngine(LogEngine value) {
        return new TaffrailOptions(config, clock, Optional.of(value));
    }
}
