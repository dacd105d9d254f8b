package io.taffrail.kafka.client;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A record that was read from a partition. */
public record StoredRecord(PartitionRef partition, long offset, Instant timestamp,
        byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {}
