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
 * Puts one new segment in the place of some neighbouring sealed ones. It is written and forced
 * first, then put in place on the log's owner; old files go when the journal has recorded that.
 * Dying at any point leaves the old segments, or the new one. For one thread of the engine's.
 */
final class SegmentRewrite {

    private static final Logger LOG = LoggerFactory.getLogger(SegmentRewrite.class);
    private static final int INDEX_INTERVAL_BYTES = 4096;

    /**
     * What is to be replaced.
     *
     * @param group
     *            neighbours in the view, without the last segment of it
     * @param cleanedTo
     *            first offset that compaction has not seen; 0 for none
     * @param erased
     *            records the new segment will lack because they were erased
     */
    record Change(LocalLog log, LogView view, List<Segment> group, long cleanedTo, long erased) {}

    /** What is left of a group. */
    interface Content {

        void write(Cleaner.BatchSink sink) throws IOException;

        /**
         * After {@link #write}: aborted transactions that the log forgets in the same turn of its
         * owner in which the segment is put in place.
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
     * Writes what is left of a group and replaces it.
     *
     * @return bytes of the new segment, or -1 where the old ones have been dropped meanwhile
     */
    long replace(Change change, Content content) throws IOException {
        Segment fresh = change.log.stored().rewriteOf(change.group.getFirst());
        AtomicBoolean maybeInPlace = new AtomicBoolean();
        try {
            write(change, content, fresh);
            List<AbortedTransaction> gone = content.gone();
            boolean replaced = threads.await(CompletableFuture.supplyAsync(() -> {
                maybeInPlace.set(true);
                return putInPlace(change, fresh, gone);
            }, change.log.owner()));
            maybeInPlace.set(replaced);
            return replaced ? fresh.sizeBytes() : -1;
        } finally {
            if (!maybeInPlace.get()) {
                discard(fresh);
            }
        }
    }

    private void write(Change change, Content content, Segment fresh) throws IOException {
        long lastAppendMs = change.group.getLast().info().lastAppendMs();
        content.write(batch -> {
            int position = fresh.sizeBytes();
            fresh.write(batch, position);
            fresh.appended(batch, position, INDEX_INTERVAL_BYTES, lastAppendMs);
        });
        fresh.erased(change.erased);
        fresh.force();
        forceFolders.force();
    }

    /** On the log's owner. */
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

    /** Nobody will own its files; where they cannot be deleted now, the next start does. */
    private static void discard(Segment fresh) {
        try {
            fresh.delete();
        } catch (IOException e) {
            LOG.warn("CLN-008 {} is not needed, but remains until a restart: {}", fresh.path(),
                    e.toString());
        }
    }
}
