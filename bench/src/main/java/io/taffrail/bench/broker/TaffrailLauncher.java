package io.taffrail.bench.broker;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Starts Taffrail through its own launcher script with default settings, so that the script's time
 * is part of the measurement.
 *
 * @param executable
 *            the launcher script
 * @param amqp
 *            true if the port serves AMQP, false for Kafka's protocol
 */
public record TaffrailLauncher(Path executable, boolean amqp) implements Launcher {
    @Override
    public Peer peer() {
        return Peer.TAFFRAIL;
    }

    @Override
    public void format(Path home) {}

    @Override
    public List<String> command(Path home, int port) {
        String measured = "127.0.0.1:" + port;
        String other = "127.0.0.1:0";
        return List.of(executable.toString(), "start", "--data-dir",
                home.resolve("data").toString(), "--kafka", amqp ? other : measured, "--amqp",
                amqp ? measured : other);
    }

    @Override
    public void awaitServing(Broker broker, Duration limit) throws IOException {
        if (amqp) {
            AmqpProbe.awaitStart(broker, limit);
        } else {
            Launcher.super.awaitServing(broker, limit);
        }
    }
}
