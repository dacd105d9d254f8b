package io.taffrail.log.state;

import io.taffrail.log.spi.AbortedTransaction;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The aborted transactions of one log, ordered by the offsets of their markers.
 * Guarded by the lock of {@link LogState}.
 */
final class AbortedTransactions {

    private static final int ENTRY_BYTES = 32;

    private final List<AbortedTransaction> all = new ArrayList<>(0);

    /** Adds the transaction whose marker has the largest offset so far. */
    void add(AbortedTransaction next) {
        all.add(next);
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /**
     * Returns those that overlap the offsets from {@code from} to {@code upTo} (exclusive).
     * Takes as many steps as there are such, and few more.
     */
    List<AbortedTransaction> between(long from, long upTo) {
        List<AbortedTransaction> found = new ArrayList<>();
        for (int i = firstEndingAt(from); i < all.size(); i++) {
            AbortedTransaction each = all.get(i);
            if (each.firstOffset() < upTo) {
                found.add(each);
            }
            if (each.lastStableOffset() >= upTo) {
                // All that ended later begin at or after this offset.
                break;
            }
        }
        return found;
    }

    /**
     * Returns whether a marker lies between {@code from} (inclusive) and {@code to} (exclusive).
     */
    boolean endsBetween(long from, long to) {
        int first = firstEndingAt(from);
        return first < all.size() && all.get(first).lastOffset() < to;
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
    void trimTo(long startOffset) {
        all.subList(0, firstEndingAt(startOffset)).clear();
    }

    void forget(List<AbortedTransaction> gone) {
        Set<AbortedTransaction> these = new HashSet<>(gone);
        all.removeIf(these::contains);
    }

    int sizeBytes() {
        return 4 + all.size() * ENTRY_BYTES;
    }

    void writeTo(ByteBuffer out) {
        out.putInt(all.size());
        all.forEach(it -> out.putLong(it.producerId()).putLong(it.firstOffset())
                .putLong(it.lastOffset()).putLong(it.lastStableOffset()));
    }

    void readFrom(ByteBuffer in) {
        for (int i = in.getInt(); i > 0; i--) {
            all.add(new AbortedTransaction(in.getLong(), in.getLong(), in.getLong(),
                    in.getLong()));
        }
    }
}
