package io.taffrail.log.spi;

/** Some offsets of a log. It does not change, and may be asked by any thread. */
public interface OffsetSet {

    boolean contains(long offset);

    /** How many of them are from {@code from} (inclusive) to {@code to} (exclusive). */
    long countBetween(long from, long to);
}
