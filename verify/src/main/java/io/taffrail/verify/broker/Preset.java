package io.taffrail.verify.broker;

import java.nio.file.Path;
import java.time.Duration;

/** A kind of broker, with the way to start it. */
public interface Preset {

    /** Returns the broker's name and, as far as known, its version. */
    String description();

    /** Prepares the first start; the site's directory is empty. */
    void prepare(Site site);

    /** Returns the command for the first start and for each start after a fault. */
    Launch launch(Site site);

    /**
     * Returns the time after which data that the broker reported as durable has reached the kernel.
     */
    default Duration settling() {
        return Duration.ZERO;
    }

    /** Returns whether the broker serves Kafka's protocol. */
    boolean kafka();

    /** Returns whether the broker serves AMQP 0-9-1. */
    boolean amqp();

    /**
     * The directories and ports of one broker.
     *
     * @param data
     *            data directory; a power cut affects only this directory
     * @param home
     *            directory for logs and settings
     * @param kafkaPort
     *            port of 127.0.0.1 for Kafka clients
     * @param amqpPort
     *            port of 127.0.0.1 for AMQP clients
     * @param otherPort
     *            first of two more free ports, for the broker's internal use
     */
    record Site(Path data, Path home, int kafkaPort, int amqpPort, int otherPort) {}
}
