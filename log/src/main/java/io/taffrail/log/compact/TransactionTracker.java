package io.taffrail.log.compact;

import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.spi.AbortedTransaction;
import io.taffrail.log.state.EndMarker;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Detects batches of aborted transactions and end markers without a transaction,
 * while the batches of a log are passed to it in order. For a single thread.
 */
final class TransactionTracker {

    /** An aborted transaction whose marker has not been reached yet. */
    private static final class Aborting {
        private final AbortedTransaction transaction;
        private boolean seen;

        Aborting(AbortedTransaction transaction) {
            this.transaction = transaction;
        }
    }

    private final Deque<AbortedTransaction> toCome;
    private final Map<Long, Aborting> aborting = new HashMap<>();
    private final Set<Long> committing = new HashSet<>();
    private final List<AbortedTransaction> gone = new ArrayList<>();

    TransactionTracker(List<AbortedTransaction> aborted) {
        toCome = new ArrayDeque<>(aborted.stream()
                .sorted(Comparator.comparingLong(AbortedTransaction::firstOffset)).toList());
    }

    /**
     * Returns the aborted transactions whose markers have been reached without any record
     * of the transaction before them; they can be forgotten.
     */
    List<AbortedTransaction> gone() {
        return List.copyOf(gone);
    }

    /**
     * Returns whether the batch is of no use to any reader: records of an aborted transaction,
     * or an end marker of a transaction without remaining records.
     */
    boolean isDead(ByteBuffer batch) {
        beginUpTo(BatchHeader.lastOffset(batch, 0));
        endBefore(batch);
        if (BatchHeader.isControl(batch, 0)) {
            return isDeadMarker(batch);
        }
        if (!BatchHeader.isTransactional(batch, 0)) {
            return false;
        }
        Aborting transaction = aborting.get(BatchHeader.producerId(batch, 0));
        if (transaction == null) {
            committing.add(BatchHeader.producerId(batch, 0));
            return false;
        }
        transaction.seen = true;
        return true;
    }

    private boolean isDeadMarker(ByteBuffer batch) {
        long producerId = BatchHeader.producerId(batch, 0);
        return switch (EndMarker.read(batch, 0).type()) {
            case ABORT -> isDeadAbort(producerId);
            case COMMIT -> !committing.remove(producerId);
            case NONE -> BatchHeader.recordCount(batch, 0) == 0;
        };
    }

    private boolean isDeadAbort(long producerId) {
        Aborting ended = aborting.remove(producerId);
        if (ended == null || ended.seen) {
            return ended == null;
        }
        gone.add(ended.transaction);
        return true;
    }

    private void beginUpTo(long offset) {
        while (!toCome.isEmpty() && toCome.getFirst().firstOffset() <= offset) {
            AbortedTransaction begun = toCome.removeFirst();
            withoutMarker(aborting.put(begun.producerId(), new Aborting(begun)));
        }
    }

    /**
     * Ends an aborted transaction at the offset of its marker even if the marker is no longer
     * stored, because later records of the producer may be committed.
     */
    private void endBefore(ByteBuffer batch) {
        Aborting transaction = aborting.get(BatchHeader.producerId(batch, 0));
        if (transaction != null
                && transaction.transaction.lastOffset() < BatchHeader.baseOffset(batch, 0)) {
            withoutMarker(aborting.remove(BatchHeader.producerId(batch, 0)));
        }
    }

    private void withoutMarker(@Nullable Aborting ended) {
        if (ended != null) {
            gone.add(ended.transaction);
        }
    }
}
