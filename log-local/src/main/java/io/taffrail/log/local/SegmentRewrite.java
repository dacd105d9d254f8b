package io.taffrail.log.local;

import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.compact.Cleaner;
import io.taffrail.log.local.segment.Segment;
import io.taffrail.log.local.thread.Threads;
import io.taffrail.log.spi.AbortedTransaction;
import io.taffrail.log.state.EndMarker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The replacement of neighbouring sealed segments by one new segment. The new segment is written
 * and forced first and then put in place on the thread of the log's owner. The old files are
 * deleted once the journal has recorded the replacement. A crash at any point leaves either the old
 * segments or the new one. Thread-safe for different logs.
 */
final class SegmentRewrite {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentRewrite.class);

    /**
     * The segments to replace.
     *
     * @param group
     *            neighbouring segments of the view, never including its last segment
     * @param cleanedTo
     *            first offset that compaction has not processed; 0 if this is not a compaction
     * @param erased
     *            number of records that the new segment lacks because they were erased
     */
    record Change(LocalLog log, LogView view, List<Segment> group, long cleanedTo, long erased) {

        private long from() {
            return group.getFirst().baseOffset();
        }

        private long to() {
            return view.segments()[view.indexFor(group.getLast().baseOffset()) + 1].baseOffset();
        }
    }

    /** The remaining records of a group. */
    interface Content {

        void write(Cleaner.BatchSink sink) throws IOException;

        /**
         * Returns the aborted transactions that the log may forget: the index of the new segment
         * does not list them. Called after {@link #write}.
         */
        default List<AbortedTransaction> gone() {
            return List.of();
        }
    }

    private final Threads threads;
    private final Checkpointer.FolderForce forceFolders;

    SegmentRewrite(Threads threads, Checkpointer.FolderForce forceFolders) {
        this.threads = threads;
        this.forceFolders = forceFolders;
    }

    /**
     * Writes the remaining records of a group to a new segment and replaces the group.
     *
     * @return size of the new segment in bytes, or -1 if the old segments were
     *         dropped meanwhile
     */
    long replace(Change change, Content content) throws IOException {
        Segment fresh = change.log.stored().rewriteOf(change.group.getFirst());
        AtomicBoolean inPlace = new AtomicBoolean();
        try {
            write(change, content, fresh);
            boolean replaced = threads.await(CompletableFuture.supplyAsync(() -> {
                try {
                    return putInPlace(change, fresh);
                } finally {
                    inPlace.set(List.of(change.log.stored().segments()).contains(fresh));
                }
            }, change.log.owner()));
            return replaced ? fresh.sizeBytes() : -1;
        } finally {
            if (!inPlace.get()) {
                discard(fresh);
            }
        }
    }

    private void write(Change change, Content content, Segment fresh) throws IOException {
        long lastAppendMs = change.group.getLast().info().lastAppendMs();
        SegmentWriter writer = new SegmentWriter(fresh, lastAppendMs);
        Map<Long, AbortedTransaction> aborted = aborted(change);
        List<AbortedTransaction> carried = new ArrayList<>();
        content.write(batch -> {
            abortedBy(batch, aborted).ifPresent(carried::add);
            writer.write(batch);
        });
        writer.flush();
        carry(carried, content.gone(), fresh);
        fresh.erased(change.erased);
        fresh.force();
        forceFolders.force();
    }

    /** The aborted transactions that end in the group, by the offsets of their markers. */
    private static Map<Long, AbortedTransaction> aborted(Change change) {
        Map<Long, AbortedTransaction> found = new HashMap<>();
        for (AbortedTransaction each : change.log.abortedTransactions(change.from(), change.to())) {
            if (each.lastOffset() < change.to()) {
                found.put(each.lastOffset(), each);
            }
        }
        return found;
    }

    /** The transaction whose abort marker a batch is, if the log knows it. */
    private static Optional<AbortedTransaction> abortedBy(ByteBuffer batch,
            Map<Long, AbortedTransaction> aborted) {
        int at = batch.position();
        if (aborted.isEmpty() || !BatchHeader.isControl(batch, at)
                || EndMarker.read(batch, at).type() != EndMarker.Type.ABORT) {
            return Optional.empty();
        }
        return Optional.ofNullable(aborted.get(BatchHeader.baseOffset(batch, at)));
    }

    /**
     * Fills the index of the new segment: transactions whose markers are in it and that have
     * remaining records. A transaction is never known without its marker, because readers of
     * committed records drop the producer's records up to that.
     */
    private static void carry(List<AbortedTransaction> carried, List<AbortedTransaction> gone,
            Segment fresh) {
        Set<AbortedTransaction> forgotten = Set.copyOf(gone);
        carried.stream().filter(it -> !forgotten.contains(it)).forEach(fresh.aborted()::add);
    }

    /** Puts the segment in place. Owner's thread only. */
    private static boolean putInPlace(Change change, Segment fresh) {
        List<Segment> left = fresh.sizeBytes() > 0 ? List.of(fresh) : List.of();
        return change.log.replace(change.from(), change.to(), left, change.cleanedTo);
    }

    /**
     * Deletes the files of a segment that was not put in place; if that fails, the next
     * start deletes them.
     */
    private static void discard(Segment fresh) {
        try {
            fresh.delete();
        } catch (IOException e) {
            LOG.warn("CLN-008 {} is not needed, but remains until a restart: {}", fresh.path(),
                    e.toString());
        }
    }
}
