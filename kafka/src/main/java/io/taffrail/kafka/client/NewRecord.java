package io.taffrail.kafka.client;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record to write.
 *
 * @param partition
 *            null lets the key's hash choose, or spreads records without a key
 * @param timestamp
 *            null is now
 * @param key
 *            null for none
 * @param value
 *            null for none (a tombstone in a compacted topic)
 */
public record NewRecord(String topic, @Nullable Integer partition, @Nullable Instant timestamp,
        byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {

    /** A record without key and headers. */
    public static NewRecord of(String topic, byte[] value) {
        return new NewRecord(topic, null, null, null, value, List.of());
    }
}
