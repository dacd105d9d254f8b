package io.taffrail.broker.topic;

/** The compression of stored batches ({@code compression.type}). */
public enum CompressionType {
    /** As the producer compressed them. */
    PRODUCER, UNCOMPRESSED, GZIP, SNAPPY, LZ4, ZSTD
}
