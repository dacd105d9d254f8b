package io.taffrail.broker.vhost;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.CompletableFuture;

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
    /** Transactions that could not take what they need; woken when another ends. */
    private final List<CompletableFuture<Void>> waiting = new ArrayList<>();

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
        if (!fits(transaction, bytes)) {
            return false;
        }
        taken.put(transaction, own + bytes);
        takenBytes += bytes;
        return true;
    }

    private boolean fits(Object transaction, long bytes) {
        Map.Entry<Object, Long> first = taken.firstEntry();
        return first == null || first.getKey().equals(transaction)
                || takenBytes - first.getValue() + bytes <= mostBytes;
    }

    /**
     * Completes when a transaction that could not take {@code bytes} is to ask again: at once if
     * there is room by now, else when another has given back what it had. On any thread.
     */
    synchronized CompletableFuture<Void> again(Object transaction, long bytes) {
        CompletableFuture<Void> again = new CompletableFuture<>();
        if (fits(transaction, bytes)) {
            again.complete(null);
        } else {
            waiting.add(again);
        }
        return again;
    }

    /** Gives back all that a transaction has taken. */
    void give(Object transaction) {
        takeBack(transaction).forEach(again -> again.complete(null));
    }

    private synchronized List<CompletableFuture<Void>> takeBack(Object transaction) {
        Long bytes = taken.remove(transaction);
        if (bytes == null) {
            return List.of();
        }
        takenBytes -= bytes;
        List<CompletableFuture<Void>> woken = List.copyOf(waiting);
        waiting.clear();
        return woken;
    }

    /** Bytes taken now. */
    synchronized long takenBytes() {
        return takenBytes;
    }
}
