package io.taffrail.cli.server;

import io.taffrail.log.config.Key;
import java.nio.file.Path;
import java.time.Duration;

/** Settings of the broker process. */
public record ServerConfig(
        @Key(value = "data.dir", byDefault = "./taffrail-data", doc = "Data directory, created if it is missing. One broker at a time may use it.") Path dataDir,
        @Key(value = "event.loops", byDefault = "0", doc = "Threads that serve connections and partitions; 0: half the number of cores, at least one.") int eventLoops,
        @Key(value = "logging.level", byDefault = "info", doc = "Minimum level of events that are written to standard error.") LoggingLevel loggingLevel,
        @Key(value = "stop.timeout", byDefault = "30 s", doc = "Maximum duration of a stop. After it the process ends with an exit code other than 0, and the next start recovers. A second signal ends the process at once.") Duration stopTimeout,
        @Key(value = "insecure", byDefault = "false", doc = "Whether a listener that asks for no credentials, such as Kafka's, may open on an address that other machines can reach. Any client can then read, write and delete everything.") boolean insecure) {

    /** Levels of log events. */
    public enum LoggingLevel {
        ERROR, WARN, INFO, DEBUG, TRACE
    }

    private static final Duration LONGEST_STOP = Duration.ofDays(1);

    public ServerConfig {
        if (eventLoops < 0 || eventLoops > 1024) {
            throw new IllegalArgumentException("event.loops must be 0 to 1024: " + eventLoops);
        }
        if (stopTimeout.isNegative() || stopTimeout.compareTo(LONGEST_STOP) > 0) {
            throw new IllegalArgumentException(
                    "stop.timeout must be 0 s to 1 day: " + stopTimeout);
        }
    }
}
