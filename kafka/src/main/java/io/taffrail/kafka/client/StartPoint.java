package io.taffrail.kafka.client;

import java.time.Instant;

/** A position that is resolved separately in each partition. */
public sealed interface StartPoint {

    /** The first record that is still stored. */
    record Beginning() implements StartPoint {}

    /** The end of the log, after the last record. */
    record End() implements StartPoint {}

    /** The record with this offset, or the next one that exists. */
    record Offset(long offset) implements StartPoint {}

    /** This many records before the end, but not before the first record. */
    record BeforeEnd(long records) implements StartPoint {}

    /** The first record with this timestamp or a later one; the end if there is none. */
    record Time(Instant time) implements StartPoint {}
}
