package io.taffrail.testkit.bridge;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/** A broker in this process, seen from outside its class loader. Of one thread. */
public interface EmbeddedBroker extends AutoCloseable {

    /** Where Kafka clients connect: {@code HOST:PORT}. */
    String bootstrap();

    /** Where AMQP clients connect. */
    InetSocketAddress amqpAddress();

    /** Where it stores; empty in memory. */
    Optional<Path> dataDir();

    /** Stops it cleanly and starts it again on what it stored, on the same ports. */
    void restart();

    /** Stops it as a crash would and starts it again on what was durable, on the same ports. */
    void kill();

    /** Has whatever waits look at the time, which jumped, and waits for what was due. */
    void timeJumped();

    @Override
    void close();
}
