package io.taffrail.log.compact;

import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.RecordView;
import io.taffrail.log.batch.RecordWalker;
import io.taffrail.log.state.AbortedTransaction;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Which batches belong to aborted transactions, and which markers have nothing left to end, as the
 * batches of a log pass by in order.
 */
final class TransactionTracker {

    private static final int TYPE_AT = 2;
    private static final short ABORT = 0;
    private static final short COMMIT = 1;

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

    /** Aborted transactions of which nothing passed by before their marker. */
    List<AbortedTransaction> gone() {
        return List.copyOf(gone);
    }

    /**
     * Whether the batch serves nobody: records of an aborted transaction, or a marker of whose
     * transaction nothing passed by.
     */
    boolean isDead(ByteBuffer batch) {
        beginUpTo(BatchHeader.lastOffset(batch, 0));
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
        if (BatchHeader.recordCount(batch, 0) == 0) {
            return true;
        }
        long producerId = BatchHeader.producerId(batch, 0);
        short type = markerType(batch);
        if (type == COMMIT) {
            return !committing.remove(producerId);
        }
        if (type != ABORT) {
            return false;
        }
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
            aborting.putIfAbsent(begun.producerId(), new Aborting(begun));
        }
    }

    private static short markerType(ByteBuffer batch) {
        try (RecordWalker records = new RecordWalker(batch, 0)) {
            RecordView marker = records.next();
            return Objects.requireNonNull(marker.key()).getShort(TYPE_AT);
        }
    }
}
