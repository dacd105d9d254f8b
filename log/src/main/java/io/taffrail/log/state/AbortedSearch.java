package io.taffrail.log.state;

import io.taffrail.log.spi.AbortedTransaction;
import java.util.ArrayList;
import java.util.List;

/**
 * A search for the aborted transactions that overlap a range of offsets. An index passes it
 * transactions in the order of their markers, and stops when the search is complete.
 * For a single thread.
 */
public final class AbortedSearch {

    private final long from;
    private final long upTo;
    private final int most;
    private final List<AbortedTransaction> found = new ArrayList<>();

    /**
     * @param from
     *            first offset of the range
     * @param upTo
     *            end of the range, exclusive
     * @param most
     *            number of transactions after which the search ends early; it goes on until a
     *            transaction whose last stable offset is above {@code from}, because the result is
     *            complete only below that offset
     */
    public AbortedSearch(long from, long upTo, int most) {
        this.from = from;
        this.upTo = upTo;
        this.most = most;
    }

    /** Offset of the first marker that matters to the search. */
    public long from() {
        return from;
    }

    /** Takes the next transaction; returns false if no later one is needed. */
    public boolean add(AbortedTransaction next) {
        if (next.lastOffset() < from) {
            return true;
        }
        boolean overlaps = next.firstOffset() < upTo;
        if (overlaps) {
            found.add(next);
        }
        // All that ended later begin at or after the last stable offset.
        boolean complete = next.lastStableOffset() >= upTo;
        boolean enough = overlaps && found.size() >= most && next.lastStableOffset() > from;
        return !complete && !enough;
    }

    /** Number of transactions found so far, for {@link #rewind}. */
    public int size() {
        return found.size();
    }

    /** Drops all but the first {@code size} transactions, to read an index once more. */
    public void rewind(int size) {
        found.subList(size, found.size()).clear();
    }

    /** Returns the transactions found, in the order of their markers. */
    public List<AbortedTransaction> found() {
        return found;
    }
}
