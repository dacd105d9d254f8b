package io.taffrail.kafka.client;

import java.time.Duration;

/**
 * Settings of a writer.
 *
 * @param acks
 *            {@code all}, {@code 1} or {@code 0}; {@code all} also makes the writer idempotent
 * @param compression
 *            none, gzip, snappy, lz4 or zstd
 * @param linger
 *            longest wait for more records of a batch
 */
public record WriterSettings(String acks, String compression, Duration linger) {

    /** acks=all, no compression and a linger of 5 ms. */
    public static WriterSettings defaults() {
        return new WriterSettings("all", "none", Duration.ofMillis(5));
    }
}
