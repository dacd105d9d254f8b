package io.taffrail.log.spi;

/** The result of a read. */
public sealed interface ReadResult {

    /**
     * Stored batches in offset order; empty at the end of the log.
     *
     * <p>
     * The first batch contains the requested offset, and may begin below it. If compaction removed
     * that offset, the first batch is the next one that remains. The last batch may be incomplete,
     * unless it is also the first.
     *
     * @param slice
     *            the batches; the receiver must close it
     */
    record Batches(LogSlice slice) implements ReadResult {}

    /**
     * The requested offset is below the start or above the end.
     *
     * @param startOffset
     *            first readable offset at the time of the read
     * @param durableEnd
     *            durable end at the time of the read
     */
    record OutOfRange(long startOffset, long durableEnd) implements ReadResult {}

    /**
     * The disk has lost a range of the log that begins at the requested offset; the rest of the log
     * is intact. A reader that may lose records, such as a queue, continues at {@code nextOffset}.
     *
     * @param offset
     *            the requested offset, which is in the damaged range
     * @param nextOffset
     *            first offset after the damaged range; above {@code offset} and
     *            at most the durable end
     * @param detail
     *            names file and position, for log lines
     */
    record Damaged(long offset, long nextOffset, String detail) implements ReadResult {}

    /**
     * The log is closed or deleted, or its disk does not respond.
     *
     * @param detail
     *            description for log lines
     */
    record Unreadable(String detail) implements ReadResult {}
}
