package io.taffrail.bench.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The preparation and start of one kind of broker. */
public interface Launcher {
    Peer peer();

    /** Prepares {@code home} so that {@link #command} can start from it any number of times. */
    void format(Path home) throws IOException, InterruptedException;

    /**
     * Returns the command of a broker that stays in the foreground and listens on a loopback port.
     */
    List<String> command(Path home, int port) throws IOException;

    /** Returns the environment variables that the command needs in addition. */
    default Map<String, String> environment(Path home, int port) throws IOException {
        return Map.of();
    }

    /** Waits until the broker responds on its port. */
    default void awaitServing(Broker broker, Duration limit) throws IOException {
        try (var probe = Probe.connect(broker, limit)) {
            probe.apiVersions();
        }
    }
}
