package io.taffrail.verify.broker;

import java.nio.file.Path;
import java.time.Duration;

/** A kind of broker, and how one is run for a test. */
public interface Preset {

    /** What it is and which version, as far as that is known. */
    String description();

    /** Makes what the first start needs; the directory is empty. */
    void prepare(Site site);

    /** How it is started, the first time and after each fault. */
    Launch launch(Site site);

    /** How long what it made durable may still be on its way to the kernel. */
    default Duration settling() {
        return Duration.ZERO;
    }

    /** Whether it serves Kafka's protocol. */
    boolean kafka();

    /** Whether it serves AMQP 0-9-1. */
    boolean amqp();

    /**
     * Where one broker runs.
     *
     * @param data
     *            its data directory; the only one that a power cut hits
     * @param home
     *            for its logs and settings
     * @param kafkaPort
     *            on 127.0.0.1
     * @param amqpPort
     *            on 127.0.0.1
     * @param otherPort
     *            the first of two that are free, for what a broker has beside these
     */
    record Site(Path data, Path home, int kafkaPort, int amqpPort, int otherPort) {}
}
