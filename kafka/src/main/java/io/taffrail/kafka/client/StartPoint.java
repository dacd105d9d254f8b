package io.taffrail.kafka.client;

import java.time.Instant;

/** A place in each of several partitions. */
public sealed interface StartPoint {

    /** The first record that is still there. */
    record Beginning() implements StartPoint {}

    /** After the last record. */
    record End() implements StartPoint {}

    /** The record of this offset, or the next one there is. */
    record Offset(long offset) implements StartPoint {}

    /** So many records before the end, as far as there are so many. */
    record BeforeEnd(long records) implements StartPoint {}

    /** The first record of this time or later; the end where there is none. */
    record Time(Instant time) implements StartPoint {}
}
