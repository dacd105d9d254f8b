package io.taffrail.log.spi;

/** An immutable set of offsets of one log. Every method may be called from any thread. */
public interface OffsetSet {

    boolean contains(long offset);

    /**
     * Returns the number of offsets in the set from {@code from} (inclusive)
     * to {@code to} (exclusive).
     */
    long countBetween(long from, long to);
}
