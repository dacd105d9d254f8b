package io.taffrail.log.spi;

/** What a read found. */
public sealed interface ReadResult {

    /**
     * Stored batches in offset order. The first holds the offset asked for or, where that was
     * compacted away, the next
     * that is left; it may begin before it. The last may be cut short, never the first. Empty at
     * the end of the log.
     */
    record Batches(LogSlice slice) implements ReadResult {}

    /** The offset is below the start or above the end; the bounds at the time of the read. */
    record OutOfRange(long startOffset, long durableEnd) implements ReadResult {}

    /** The log is damaged there, closed or deleted; for a person. */
    record Unreadable(String detail) implements ReadResult {}
}
