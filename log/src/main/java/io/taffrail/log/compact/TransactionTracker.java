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
 * Which batches belong to aborted transactions, and which markers have nothing left to end, as the
 * batches of a log pass by in order.
 */
final class TransactionTracker {

    /** An aborted transaction between its first offset and its marker. */
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
     * Aborted transactions whose markers have passed by and are of no use: nothing of the
     * transaction came before them.
     */
    List<AbortedTransaction> gone() {
        return List.copyOf(gone);
    }

    /**
     * Whether the batch serves nobody: records of an aborted transaction, or a marker of whose
     * transaction nothing passed by.
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
     * An aborted transaction ends where its marker was, also if the marker is no longer there: what
     * the producer wrote later may be committed.
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
