package io.taffrail.testkit.embedded;

import io.taffrail.cli.server.Taffrail;
import io.taffrail.cli.server.TaffrailOptions;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.testkit.bridge.EmbeddedBroker;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A broker in this process with its settings and, if it has one, its in-memory engine, which
 * survive its restarts.
 */
final class Embedded implements EmbeddedBroker {

    private final Map<String, String> settings;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private @Nullable MemoryLogEngine memory;
    private JumpingTime time;
    private Taffrail running;

    Embedded(Map<String, String> settings, InstantSource clock, LongSupplier nanoTime) {
        this.settings = new LinkedHashMap<>(settings);
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.time = new JumpingTime(clock, nanoTime);
        this.memory = settings.containsKey("data.dir") ? null : new MemoryLogEngine(clock);
        this.running = open();
        this.settings.put("kafka.listener", running.bootstrap());
        this.settings.put("amqp.listener", "127.0.0.1:" + amqpAddress().getPort());
    }

    @Override
    public String bootstrap() {
        return running.bootstrap();
    }

    @Override
    public InetSocketAddress amqpAddress() {
        return running.amqpAddress().orElseThrow();
    }

    @Override
    public Optional<Path> dataDir() {
        return running.dataDir();
    }

    @Override
    public void restart() {
        running.close();
        MemoryLogEngine closed = memory;
        if (closed != null) {
            memory = closed.restart();
        }
        time = new JumpingTime(clock, nanoTime);
        running = open();
    }

    @Override
    public void kill() {
        MemoryLogEngine dead = memory;
        if (dead != null) {
            memory = dead.restart();
        }
        running.kill();
        time = new JumpingTime(clock, nanoTime);
        running = open();
    }

    @Override
    public void timeJumped() {
        time.jumped();
        running.settle();
    }

    @Override
    public void close() {
        running.close();
    }

    private Taffrail open() {
        TaffrailOptions options = TaffrailOptions.of(settings).withClock(time);
        MemoryLogEngine engine = memory;
        return Taffrail.start(engine == null ? options : options.withEngine(engine));
    }
}
