package io.taffrail.kafka.client;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A record as it was read. */
public record StoredRecord(PartitionRef partition, long offset, Instant timestamp,
        byte @Nullable [] key, byte @Nullable [] value, List<Header> headers) {}
