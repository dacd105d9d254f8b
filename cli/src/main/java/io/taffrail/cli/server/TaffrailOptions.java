package io.taffrail.cli.server;

import io.taffrail.cli.config.Config;
import io.taffrail.cli.config.ConfigSources;
import io.taffrail.log.spi.LogEngine;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * What a broker is started with.
 *
 * @param config
 *            a value for every key
 * @param clock
 *            the broker's time
 * @param engine
 *            where logs are kept instead of {@code data.dir}; closed with the broker
 */
public record TaffrailOptions(Config config, InstantSource clock, Optional<LogEngine> engine) {

    /** This configuration, the system's clock, logs in the data directory. */
    public static TaffrailOptions of(Config config) {
        return new TaffrailOptions(config, InstantSource.system(), Optional.empty());
    }

    /**
     * As {@link #of(Config)}, with these values by key and defaults for the rest.
     *
     * @throws io.taffrail.cli.config.ConfigException
     *             if a key is unknown or a value wrong
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
