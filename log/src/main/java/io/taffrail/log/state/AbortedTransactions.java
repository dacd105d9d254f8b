package io.taffrail.log.state;

import io.taffrail.log.spi.AbortedTransaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A list of aborted transactions in memory, ordered by the offsets of their markers.
 * Not thread-safe.
 */
public final class AbortedTransactions {

    private List<AbortedTransaction> all = new ArrayList<>(0);

    /** Adds the transaction whose marker has the largest offset so far. */
    public void add(AbortedTransaction next) {
        assert all.isEmpty() || all.getLast().lastOffset() < next.lastOffset()
                : next + " after " + all.getLast();
        all.add(next);
    }

    /** Returns all of them; the list must not be changed, nor kept while this object is. */
    public List<AbortedTransaction> all() {
        return all;
    }

    /** Passes them to a search until it is complete; returns false if it is. */
    public boolean search(AbortedSearch search) {
        for (int i = firstEndingAt(search.from()); i < all.size(); i++) {
            if (!search.add(all.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Index of the first whose marker is at {@code offset} or later. */
    private int firstEndingAt(long offset) {
        int low = 0;
        int high = all.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (all.get(middle).lastOffset() < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Forgets those that lie entirely below the log's new start. */
    public void trimTo(long startOffset) {
        all.subList(0, firstEndingAt(startOffset)).clear();
    }

    /** Forgets those whose markers are at {@code offset} or later. */
    public void cutAt(long offset) {
        all.subList(firstEndingAt(offset), all.size()).clear();
    }

    /** Forgets some of them. */
    public void forget(Collection<AbortedTransaction> gone) {
        Set<AbortedTransaction> these = new HashSet<>(gone);
        all.removeIf(these::contains);
    }

    /** Forgets all of them and frees their memory. */
    public void clear() {
        all = new ArrayList<>(0);
    }
}
