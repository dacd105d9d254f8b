package io.taffrail.broker.vhost;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Bounds the encoded copies that transactions of all virtual hosts hold together while they are
 * collected. Beyond the bound a transaction waits until others have ended; the one that came first
 * never waits, so it ends, and {@link FanOutLimit} bounds it. Safe for any thread.
 */
public final class CommitRoom {

    private static final int PARTS_OF_HEAP = 8;

    private final long mostBytes;
    /** Bytes of each transaction, in the order in which they came. */
    private final SequencedMap<Object, Long> taken = new LinkedHashMap<>();
    private long takenBytes;

    /**
     * @param mostBytes
     *            that all transactions besides the first may hold together
     */
    public CommitRoom(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** An eighth of the heap. */
    public static CommitRoom ofHeap() {
        return new CommitRoom(Runtime.getRuntime().maxMemory() / PARTS_OF_HEAP);
    }

    /**
     * Takes {@code bytes} more for a transaction, until {@link #give}.
     *
     * @return false if the transaction has to ask again later; then nothing was taken
     */
    synchronized boolean take(Object transaction, long bytes) {
        long own = taken.computeIfAbsent(transaction, _ -> 0L);
        Map.Entry<Object, Long> first = taken.firstEntry();
        if (!first.getKey().equals(transaction)
                && takenBytes - first.getValue() + bytes > mostBytes) {
            return false;
        }
        taken.put(transaction, own + bytes);
        takenBytes += bytes;
        return true;
    }

    /** Gives back all that a transaction has taken. */
    synchronized void give(Object transaction) {
        Long bytes = taken.remove(transaction);
        takenBytes -= bytes == null ? 0 : bytes;
    }

    /** Bytes taken now. */
    synchronized long takenBytes() {
        return takenBytes;
    }
}
