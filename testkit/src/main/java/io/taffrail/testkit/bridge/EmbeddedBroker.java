package io.taffrail.testkit.bridge;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/** A broker in this process, seen from outside its class loader. Not thread-safe. */
public interface EmbeddedBroker extends AutoCloseable {

    /** The address for Kafka clients: {@code HOST:PORT}. */
    String bootstrap();

    /** The address for AMQP clients. */
    InetSocketAddress amqpAddress();

    /** The data directory; empty in memory. */
    Optional<Path> dataDir();

    /** Stops the broker cleanly and starts it again on its stored data and the same ports. */
    void restart();

    /**
     * Stops the broker as a crash would and starts it again on its durable data and the same ports.
     */
    void kill();

    /**
     * Notifies all waits that the clock has jumped, and waits until everything due has happened.
     */
    void timeJumped();

    @Override
    void close();
}
