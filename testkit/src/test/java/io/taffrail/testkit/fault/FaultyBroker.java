package io.taffrail.testkit.fault;

import io.taffrail.cli.server.Taffrail;
import io.taffrail.cli.server.TaffrailOptions;
import io.taffrail.log.local.Environment;
import io.taffrail.log.local.LocalLogConfig;
import io.taffrail.log.local.LocalLogEngine;
import io.taffrail.log.local.thread.Threads;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A broker in this process on a {@link FaultyDisk}. Not thread-safe. */
final class FaultyBroker implements AutoCloseable {

    private final Path dataDir;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final FaultyDisk disk = new FaultyDisk();
    private Taffrail running;

    FaultyBroker(Path dataDir, Map<String, String> settings) {
        this.dataDir = dataDir;
        this.settings.put("kafka.listener", "127.0.0.1:0");
        this.settings.put("amqp.listener", "127.0.0.1:0");
        this.settings.put("http.listener", "127.0.0.1:0");
        this.settings.putAll(settings);
        this.running = open();
    }

    private Taffrail open() {
        TaffrailOptions options = TaffrailOptions.of(settings);
        return Taffrail.start(options.withEngine(LocalLogEngine.open(dataDir,
                options.config().get(LocalLogConfig.class),
                new Environment(disk, options.clock(), Threads.platform()))));
    }

    Path dataDir() {
        return dataDir;
    }

    FaultyDisk disk() {
        return disk;
    }

    InetSocketAddress amqpAddress() {
        return running.amqpAddress().orElseThrow();
    }

    String bootstrap() {
        return running.bootstrap();
    }

    /** Ends the broker as a crash would and restarts it on a working disk. */
    void crashAndRestart() {
        running.kill();
        disk.become(FaultyDisk.State.SOUND);
        running = open();
    }

    @Override
    public void close() {
        running.kill();
    }
}
