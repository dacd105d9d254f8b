package io.taffrail.broker.topic;

/** How batches are kept ({@code compression.type}). */
public enum CompressionType {
    /** As the producer sent them. */
    PRODUCER, UNCOMPRESSED, GZIP, SNAPPY, LZ4, ZSTD
}
