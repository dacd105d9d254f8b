package io.taffrail.log.local;

import io.taffrail.log.compact.Cleaner;
import io.taffrail.log.local.segment.Segment;
import io.taffrail.log.local.thread.Threads;
import io.taffrail.log.spi.AbortedTransaction;
import java.io.IOException;
import java.util.List;
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
    record Change(LocalLog log, LogView view, List<Segment> group, long cleanedTo, long erased) {}

    /** The remaining records of a group. */
    interface Content {

        void write(Cleaner.BatchSink sink) throws IOException;

        /**
         * Returns the aborted transactions that the log may forget. The log forgets them in the
         * same turn of its owner that puts the segment in place. Called after {@link #write}.
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
            List<AbortedTransaction> gone = content.gone();
            boolean replaced = threads.await(CompletableFuture.supplyAsync(() -> {
                try {
                    return putInPlace(change, fresh, gone);
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
        content.write(writer::write);
        writer.flush();
        fresh.erased(change.erased);
        fresh.force();
        forceFolders.force();
    }

    /** Puts the segment in place. Owner's thread only. */
    private static boolean putInPlace(Change change, Segment fresh,
            List<AbortedTransaction> gone) {
        LogView view = change.view;
        long from = change.group.getFirst().baseOffset();
        long to = view.segments()[view.indexFor(change.group.getLast().baseOffset()) + 1]
                .baseOffset();
        List<Segment> left = fresh.sizeBytes() > 0 ? List.of(fresh) : List.of();
        boolean replaced = change.log.replace(from, to, left, change.cleanedTo);
        if (replaced) {
            change.log.stored().state().forgetAborted(gone);
        }
        return replaced;
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
