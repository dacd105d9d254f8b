package io.taffrail.testkit;

import io.taffrail.testkit.bridge.EmbeddedBroker;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A broker in this process on free ports of the loopback interface, with a temporary directory
 * or in memory. Its ports stay the same over {@link #restart} and {@link #kill}. The broker's
 * classes are loaded apart from the test's (see {@link BrokerLoader}). Not thread-safe, except
 * for its addresses.
 */
public final class TaffrailBroker implements AutoCloseable {

    private final TestClock clock;
    private final @Nullable Path directory;
    private final EmbeddedBroker embedded;

    private TaffrailBroker(Builder builder) {
        this.clock = builder.clock;
        Map<String, String> settings = new LinkedHashMap<>(builder.settings);
        this.directory = builder.inMemory ? null : Scratch.newDirectory("data");
        if (directory != null) {
            settings.put("data.dir", directory.resolve("data").toString());
        }
        settings.putIfAbsent("kafka.listener", "127.0.0.1:0");
        settings.putIfAbsent("amqp.listener", "127.0.0.1:0");
        if (!settings.containsKey("http.listener")) {
            settings.putIfAbsent("http.enabled", "false");
        }
        // A test does not need to wait for further members to join.
        settings.putIfAbsent("group.initial.rebalance.delay.ms", "0");
        settings.putIfAbsent("offsets.topic.num.partitions", "1");
        try {
            this.embedded = within(
                    () -> BrokerLoader.brokers().start(settings, clock, clock::nanoTime));
        } catch (RuntimeException | Error e) {
            deleteDirectory();
            throw e;
        }
        clock.add(this);
    }

    /** Starts a broker with all defaults in a temporary directory. */
    public static TaffrailBroker start() {
        return builder().start();
    }

    /** Returns a builder of a broker with all defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** {@code HOST:PORT} for any Kafka client. */
    public String bootstrap() {
        return within(embedded::bootstrap);
    }

    /** {@link #bootstrap} as an address. */
    public InetSocketAddress address() {
        String bootstrap = bootstrap();
        int colon = bootstrap.lastIndexOf(':');
        return new InetSocketAddress(bootstrap.substring(0, colon),
                Integer.parseInt(bootstrap.substring(colon + 1)));
    }

    /** The address for any AMQP 0-9-1 client. */
    public InetSocketAddress amqpAddress() {
        return within(embedded::amqpAddress);
    }

    /** {@link #amqpAddress} as a URI with the user {@code guest}. */
    public String amqpUri() {
        InetSocketAddress address = amqpAddress();
        return "amqp://guest:guest@" + address.getHostString() + ":" + address.getPort();
    }

    /** The broker's clock. */
    public TestClock clock() {
        return clock;
    }

    /** The data directory; empty in memory. */
    public Optional<Path> dataDir() {
        return within(embedded::dataDir);
    }

    /** Stops the broker cleanly and starts it again on its stored data. */
    public void restart() {
        run(embedded::restart);
    }

    /**
     * Stops the broker without notice to its clients and without forcing its disk, and starts it
     * again on its durable data. {@link ForkedBroker} has a real SIGKILL.
     */
    public void kill() {
        run(embedded::kill);
    }

    void timeJumped() {
        run(embedded::timeJumped);
    }

    /** Stops the broker and deletes its data. */
    @Override
    public void close() {
        clock.remove(this);
        try {
            run(embedded::close);
        } finally {
            deleteDirectory();
        }
    }

    private void deleteDirectory() {
        if (directory != null) {
            Scratch.delete(directory);
        }
    }

    private static void run(Runnable task) {
        within(() -> {
            task.run();
            return true;
        });
    }

    private static <T> T within(Supplier<T> task) {
        return BrokerLoader.get().within(task);
    }

    /** Settings of a broker to start. */
    public static final class Builder {

        private final Map<String, String> settings = new LinkedHashMap<>();
        private TestClock clock = TestClock.running();
        private boolean inMemory;

        private Builder() {}

        /** Keeps all data in memory. */
        public Builder inMemory() {
            inMemory = true;
            return this;
        }

        /** Sets a configuration key by its name in a configuration file. */
        public Builder set(String key, String value) {
            settings.put(key, value);
            return this;
        }

        /** Sets the clock; by default a new one that runs. */
        public Builder clock(TestClock value) {
            clock = value;
            return this;
        }

        /** Starts the broker; it serves clients when this returns. */
        public TaffrailBroker start() {
            return new TaffrailBroker(this);
        }
    }
}
