package io.taffrail.bench.broker;

import java.nio.file.Path;
import java.util.List;

/**
 * Taffrail through its own launcher, with its defaults: that start-up is part of what is measured.
 */
public record TaffrailLauncher(Path executable) implements Launcher {
    @Override
    public Peer peer() {
        return Peer.TAFFRAIL;
    }

    @Override
    public void format(Path home) {}

    @Override
    public List<String> command(Path home, int port) {
        return List.of(executable.toString(), "start", "--data-dir",
                home.resolve("data").toString(),
                "--kafka", "127.0.0.1:" + port);
    }
}
