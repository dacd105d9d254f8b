package io.taffrail.cli.server;

import io.taffrail.log.config.Key;
import java.nio.file.Path;

/** Settings of the process itself. */
public record ServerConfig(
        @Key(value = "data.dir", byDefault = "./taffrail-data", doc = "Directory that holds everything the broker stores; made if it is not there. One broker at a time may use it.") Path dataDir,
        @Key(value = "event.loops", byDefault = "0", doc = "Threads that serve connections and partitions; 0: half as many as there are cores, at least one.") int eventLoops,
        @Key(value = "logging.level", byDefault = "info", doc = "Events written to standard error: error, warn, info, debug or trace.") LoggingLevel loggingLevel) {

    /** How much is logged. */
    public enum LoggingLevel {
        ERROR, WARN, INFO, DEBUG, TRACE
    }

    public ServerConfig {
        if (eventLoops < 0 || eventLoops > 1024) {
            throw new IllegalArgumentException("event.loops must be 0 to 1024: " + eventLoops);
        }
    }
}
