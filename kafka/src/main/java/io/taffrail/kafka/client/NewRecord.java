package io.taffrail.kafka.client;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record to be written.
 *
 * @param partition
 *            null to choose it by the key's hash, or to spread records without a key
 * @param timestamp
 *            null for the current time
 * @param key
 *            null for no key
 * @param value
 *            null for no value (a tombstone in a compacted topic)
 */
public record NewRecord(String topic, @Nullable Integer partition, @Nullable Instant timestamp,
        byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {

    /** Creates a record without key and headers. */
    public static NewRecord of(String topic, byte[] value) {
        return new NewRecord(topic, null, null, null, value, List.of());
    }
}
