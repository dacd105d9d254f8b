package io.taffrail.bench.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How one kind of broker is put on disk and started. */
public interface Launcher {
    Peer peer();

    /** Makes {@code home} a directory that {@link #command} can start from, again and again. */
    void format(Path home) throws IOException, InterruptedException;

    /** The command of a broker that runs in the foreground and listens on a loopback port. */
    List<String> command(Path home, int port) throws IOException;

    /** What the command needs in its environment. */
    default Map<String, String> environment(Path home, int port) throws IOException {
        return Map.of();
    }

    /** Waits until the broker answers on its port. */
    default void awaitServing(Broker broker, Duration limit) throws IOException {
        try (var probe = Probe.connect(broker, limit)) {
            probe.apiVersions();
        }
    }
}
