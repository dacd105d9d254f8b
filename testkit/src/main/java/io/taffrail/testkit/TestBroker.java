package io.taffrail.testkit;

import io.taffrail.cli.server.Taffrail;
import io.taffrail.cli.server.TaffrailOptions;
import io.taffrail.kafka.client.BrokerClient;
import io.taffrail.kafka.client.ClientSettings;
import io.taffrail.log.memory.MemoryLogEngine;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A broker in this process, on a free port of the loopback interface, with a temporary directory or
 * in memory. Its port stays the same over {@link #restart} and {@link #kill}. Of one thread, but
 * its address is for all.
 */
public final class TestBroker implements AutoCloseable {

    private final Map<String, String> settings;
    private final TestClock clock;
    private final @Nullable TemporaryDirectory directory;
    private @Nullable MemoryLogEngine memory;
    private Taffrail running;

    private TestBroker(Builder builder) {
        this.settings = new LinkedHashMap<>(builder.settings);
        this.clock = builder.clock;
        if (builder.inMemory) {
            this.directory = null;
            this.memory = new MemoryLogEngine(clock);
        } else {
            this.directory = TemporaryDirectory.create();
            settings.put("data.dir", directory.path().resolve("data").toString());
        }
        settings.putIfAbsent("kafka.listener", "127.0.0.1:0");
        settings.putIfAbsent("amqp.listener", "127.0.0.1:0");
        // Tests have no members that might still come.
        settings.putIfAbsent("group.initial.rebalance.delay.ms", "0");
        settings.putIfAbsent("offsets.topic.num.partitions", "1");
        this.running = open();
        settings.put("kafka.listener", running.bootstrap());
        settings.put("amqp.listener", "127.0.0.1:" + amqpAddress().getPort());
    }

    /** A broker with all defaults, in a temporary directory. */
    public static TestBroker start() {
        return builder().start();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** {@code HOST:PORT} for any Kafka client. */
    public String bootstrap() {
        return running.bootstrap();
    }

    public InetSocketAddress address() {
        return running.kafkaAddress();
    }

    /** For any AMQP 0-9-1 client. */
    public InetSocketAddress amqpAddress() {
        return running.amqpAddress().orElseThrow();
    }

    /** A client of it, to be closed by the caller. */
    public BrokerClient client() {
        return BrokerClient.connect(ClientSettings.of(bootstrap()));
    }

    /** The broker's time. */
    public TestClock clock() {
        return clock;
    }

    /** Where it stores; empty in memory. */
    public Optional<Path> dataDir() {
        return running.dataDir();
    }

    /** Stops it cleanly and starts it again on what it stored. */
    public void restart() {
        running.close();
        reopen();
    }

    /**
     * Stops it without a word to its clients or its disk, and starts it again on what was durable.
     * See {@link ForkedBroker} for a real SIGKILL.
     */
    public void kill() {
        MemoryLogEngine dead = memory;
        if (dead != null) {
            memory = dead.restart();
        }
        running.kill();
        running = open();
    }

    /** Stops it and deletes what it stored. */
    @Override
    public void close() {
        try {
            running.close();
        } finally {
            if (directory != null) {
                directory.close();
            }
        }
    }

    private void reopen() {
        MemoryLogEngine closed = memory;
        if (closed != null) {
            memory = closed.restart();
        }
        running = open();
    }

    private Taffrail open() {
        TaffrailOptions options = TaffrailOptions.of(settings).withClock(clock);
        MemoryLogEngine engine = memory;
        return Taffrail.start(engine == null ? options : options.withEngine(engine));
    }

    /** What a broker is started with. */
    public static final class Builder {

        private final Map<String, String> settings = new LinkedHashMap<>();
        private TestClock clock = TestClock.running();
        private boolean inMemory;

        private Builder() {}

        /** Keeps everything in memory. */
        public Builder inMemory() {
            inMemory = true;
            return this;
        }

        /** Sets a configuration key, by its name as in a file. */
        public Builder set(String key, String value) {
            settings.put(key, value);
            return this;
        }

        public Builder clock(TestClock value) {
            clock = value;
            return this;
        }

        public TestBroker start() {
            return new TestBroker(this);
        }
    }
}
