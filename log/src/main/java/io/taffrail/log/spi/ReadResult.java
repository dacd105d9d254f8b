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

    /**
     * The disk has lost what was stored from the offset asked for on; the rest of the log is sound.
     * A reader that may lose records, as a queue's, goes on at {@code nextOffset}.
     *
     * @param offset
     *            the offset asked for: first of the damaged range
     * @param nextOffset
     *            first offset behind the range, above {@code offset} and at most the durable end
     * @param detail
     *            names file and position, for a person
     */
    record Damaged(long offset, long nextOffset, String detail) implements ReadResult {}

    /** The log is closed or deleted, or its disk does not answer; for a person. */
    record Unreadable(String detail) implements ReadResult {}
}
