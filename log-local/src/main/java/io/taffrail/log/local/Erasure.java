package io.taffrail.log.local;

import io.taffrail.log.compact.ActiveProducers;
import io.taffrail.log.compact.Cleaner;
import io.taffrail.log.compact.Eraser;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.local.Troubles.Work;
import io.taffrail.log.local.segment.BatchScan;
import io.taffrail.log.local.segment.Segment;
import io.taffrail.log.spi.OffsetSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Erasure of records, on the cleaner's thread, to free their space. Segments that lose at least
 * half their bytes are rewritten without those records, segments without remaining records are
 * dropped unread, and runs of many small segments are merged.
 */
final class Erasure {

    private static final Logger LOG = LoggerFactory.getLogger(Erasure.class);

    /** Runs of at least this many neighbouring segments are merged whatever their size. */
    private static final int MANY = 8;

    private final Compactor compactor;
    private final SegmentRewrite rewrite;
    private final Troubles troubles;

    /** The inputs of one erasure of a log. */
    private record Look(LocalLog log, LogView view, OffsetSet gone, Eraser eraser,
            boolean hasProducers) {

        /** Number of a segment's offsets that readers can reach. */
        private long span(int index) {
            return end(index) - first(index);
        }

        private long first(int index) {
            return Math.max(view.segments()[index].baseOffset(), view.startOffset());
        }

        private long end(int index) {
            return view.segments()[index + 1].baseOffset();
        }

        private long goneIn(int index) {
            return gone.countBetween(first(index), end(index));
        }

        /**
         * True if no record of a segment remains. A transaction marker remains as long as the log
         * knows its transaction as aborted.
         */
        private boolean isGone(int index) {
            return goneIn(index) >= span(index) && !hasProducers
                    && view.segments()[index].aborted().count() == 0;
        }

        /** Estimate of the bytes that will be freed, assuming records of equal size. */
        private double bytesToFree(int index) {
            Segment segment = view.segments()[index];
            long erased = Math.min(segment.erasedRecords(), span(index));
            long left = Math.max(1, span(index) - erased);
            return segment.sizeBytes() * Math.max(0, (double) goneIn(index) - erased) / left;
        }
    }

    /** Neighbouring segments that are merged into one. */
    private record Group(int first, int count, double bytesToFree, long sizeBytes) {

        boolean isWorthwhile() {
            return sizeBytes > 0 && (count >= MANY || bytesToFree * 2 >= sizeBytes);
        }
    }

    Erasure(Compactor compactor, SegmentRewrite rewrite, Troubles troubles) {
        this.compactor = compactor;
        this.rewrite = rewrite;
        this.troubles = troubles;
    }

    /**
     * Erases records of a log on the cleaner's thread; completes on the log's owner thread with the
     * number of bytes freed. Does nothing while the log is in back-off after a failure, or while
     * another thread compacts it.
     */
    CompletableFuture<Long> erase(LocalLog log, OffsetSet gone) {
        CompletableFuture<Long> done = new CompletableFuture<>();
        if (troubles.isWaiting(log.id(), Work.ERASURE)) {
            done.complete(0L);
            return done;
        }
        try {
            compactor.execute(() -> complete(log, done, compactor.claimed(log.id(),
                    () -> eraseNow(log, gone), 0L)));
        } catch (RejectedExecutionException e) {
            LOG.debug("{} is not looked at any more: the engine ends", log.id(), e);
            done.complete(0L);
        }
        return done;
    }

    private static void complete(LocalLog log, CompletableFuture<Long> done, long freed) {
        try {
            log.owner().execute(() -> done.complete(freed));
        } catch (RejectedExecutionException e) {
            LOG.debug("{} is not told what was erased: its owner ends", log.id(), e);
            done.complete(freed);
        }
    }

    /** Erases now; returns the number of bytes freed, also after a failure part-way. */
    private long eraseNow(LocalLog log, OffsetSet gone) {
        AtomicLong freed = new AtomicLong();
        boolean done = Guard.run(() -> {
            ActiveProducers producers = ActiveProducers.of(log.stored().state());
            eraseAll(new Look(log, log.view(), gone, new Eraser(gone, producers),
                    !log.producers().isEmpty()), freed);
        }, failure -> failed(log, failure));
        if (done && troubles.done(log.id(), Work.ERASURE)) {
            LOG.info("CLN-009 the space of settled records of {} can be given back again",
                    log.id());
        }
        return freed.get();
    }

    private void failed(LocalLog log, Throwable failure) {
        Throwable cause = StorageFailure.cause(failure);
        if (cause instanceof NoSuchFileException || cause instanceof RejectedExecutionException
                || log.isDeleted()) {
            LOG.debug("{} was trimmed, closed or deleted meanwhile", log.id(), failure);
        } else if (troubles.failed(log.id(), Work.ERASURE, cause.toString(), true)) {
            LOG.error("CLN-005 the space of settled records of {} cannot be given back;"
                    + " it is tried again, ever more rarely", log.id(), failure);
        } else {
            LOG.debug("the space of settled records of {} cannot be given back still", log.id(),
                    failure);
        }
    }

    /**
     * Rewrites every group that is worthwhile. A failed group does not stop the others; the first
     * failure is thrown at the end.
     */
    private void eraseAll(Look look, AtomicLong freed) {
        long readBytes = 0;
        RuntimeException failure = null;
        for (Group group : groups(look)) {
            if (compactor.isEnding()) {
                break;
            }
            if (!group.isWorthwhile()) {
                continue;
            }
            try {
                long left = replace(look, group);
                if (left < 0) {
                    break;
                }
                freed.addAndGet(group.sizeBytes - left);
                readBytes += group.sizeBytes;
            } catch (IOException e) {
                failure = first(failure, new UncheckedIOException(e));
            } catch (RuntimeException e) {
                failure = first(failure, e);
            }
        }
        if (readBytes > 0) {
            LOG.info("CLN-007 gave back {} of {} bytes of settled records in {}", freed, readBytes,
                    look.log.id());
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static RuntimeException first(@Nullable RuntimeException before,
            RuntimeException failure) {
        return before == null ? failure : before;
    }

    /** Groups the durable sealed segments into neighbours that fit into one segment. */
    private static List<Group> groups(Look look) {
        List<Group> groups = new ArrayList<>();
        Segment[] segments = look.view.segments();
        long segmentBytes = look.log.options().segmentBytes().bytes();
        Group group = new Group(0, 0, 0, 0);
        for (int i = 0; i < look.view.durableSegment(); i++) {
            long offsets = look.end(i) - segments[group.first].baseOffset();
            int size = segments[i].sizeBytes();
            if (group.count > 0 && (group.sizeBytes + size > segmentBytes
                    || offsets > Integer.MAX_VALUE)) {
                groups.add(group);
                group = new Group(i, 0, 0, 0);
            }
            group = new Group(group.first, group.count + 1,
                    group.bytesToFree + look.bytesToFree(i), group.sizeBytes + size);
        }
        groups.add(group);
        return groups;
    }

    private long replace(Look look, Group group) throws IOException {
        List<Segment> old = new ArrayList<>();
        List<Segment> read = new ArrayList<>();
        long erased = 0;
        for (int i = group.first; i < group.first + group.count; i++) {
            old.add(look.view.segments()[i]);
            erased += look.goneIn(i);
            if (!look.isGone(i)) {
                read.add(look.view.segments()[i]);
            }
        }
        var change = new SegmentRewrite.Change(look.log, look.view, old, 0, erased);
        return rewrite.replace(change, sink -> {
            if (!read.isEmpty()) {
                write(new BatchScan(read, BatchScan.Pace.FREE), look.eraser, sink);
            }
        });
    }

    private static void write(BatchScan batches, Eraser eraser, Cleaner.BatchSink sink)
            throws IOException {
        while (batches.hasNext()) {
            Optional<ByteBuffer> left = eraser.left(batches.next());
            if (left.isPresent()) {
                sink.write(left.get());
            }
        }
    }
}
