package io.taffrail.log.local;

import io.taffrail.log.CompactionOptions;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.batch.MalformedBatchException;
import io.taffrail.log.compact.ActiveProducers;
import io.taffrail.log.compact.CleanableRange;
import io.taffrail.log.compact.Cleaner;
import io.taffrail.log.compact.KeyIndexer;
import io.taffrail.log.compact.OffsetMap;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.local.Troubles.Work;
import io.taffrail.log.local.segment.Segment;
import io.taffrail.log.local.thread.Threads;
import io.taffrail.log.local.thread.Worker;
import io.taffrail.log.spi.AbortedTransaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The background thread that compacts due logs one at a time, the one with the highest dirty ratio
 * first. The remaining records of several segments are written to a new segment, which is forced
 * and then replaces them on the thread of the log's owner. A crash at any point leaves either the
 * old segments or the new ones, with the same newest record of every key.
 */
final class Compactor {

    private static final Logger LOG = LoggerFactory.getLogger(Compactor.class);

    private final LocalLogConfig config;
    private final InstantSource clock;
    private final Supplier<Collection<LocalLog>> logs;
    private final Troubles troubles;
    private final SegmentRewrite rewrite;
    private final Threads threads;
    private final Worker thread;

    private record Due(LocalLog log, CleanableRange range) {}

    /**
     * @param thread
     *            the compaction thread; {@link #close} ends it
     */
    Compactor(LocalLogConfig config, InstantSource clock, Threads threads, Worker thread,
            SegmentRewrite rewrite, Troubles troubles, Supplier<Collection<LocalLog>> logs) {
        this.troubles = troubles;
        this.rewrite = rewrite;
        this.threads = threads;
        this.thread = thread;
        this.config = config;
        this.clock = clock;
        this.logs = logs;
    }

    void start() {
        thread.every(config.cleanerBackoff(), this::round);
    }

    /**
     * Compacts every log that is due, including those in back-off after a failure; returns
     * when all are done.
     */
    void cleanNow() {
        threads.await(CompletableFuture.runAsync(() -> cleanDue(true), thread));
    }

    private void round() {
        troubles.nextRound(logs.get().stream().map(LocalLog::id).collect(Collectors.toSet()));
        cleanDue(false);
    }

    private void cleanDue(boolean asked) {
        Set<LogId> passed = new HashSet<>();
        Due next = dirtiest(passed, asked);
        while (next != null && !thread.isEnding()) {
            if (!cleanOne(next)) {
                passed.add(next.log.id());
            }
            next = dirtiest(passed, asked);
        }
    }

    /**
     * Returns the dirtiest log that is due, or {@code null}.
     *
     * @param passed
     *            logs that this round could not compact
     */
    private @Nullable Due dirtiest(Set<LogId> passed, boolean asked) {
        Due dirtiest = null;
        for (LocalLog log : logs.get()) {
            CompactionOptions options = log.options().compaction();
            if (!options.enabled() || log.isQuarantined() || passed.contains(log.id())
                    || (!asked && troubles.isWaiting(log.id(), Work.COMPACTION))) {
                continue;
            }
            CleanableRange range = CleanableRange.of(log.segmentFacts(), log.stored().cleanedTo(),
                    log.lastStableOffset(),
                    options, clock.millis());
            if (range.isDue(options)
                    && (dirtiest == null || range.dirtyRatio() > dirtiest.range.dirtyRatio())) {
                dirtiest = new Due(log, range);
            }
        }
        return dirtiest;
    }

    /**
     * Compacts one log. Returns false if that failed, or if the log did not take the new segments;
     * only this log is then deferred.
     */
    private boolean cleanOne(Due due) {
        LogId id = due.log.id();
        AtomicBoolean taken = new AtomicBoolean();
        boolean done = Guard.run(() -> {
            try {
                taken.set(clean(due.log, due.range));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }, failure -> failed(due.log, failure));
        if (done && troubles.done(id, Work.COMPACTION)) {
            LOG.info("CLN-009 {} can be compacted again", id);
        }
        return done && taken.get();
    }

    private void failed(LocalLog log, Throwable failure) {
        Throwable cause = StorageFailure.cause(failure);
        if (cause instanceof RejectedExecutionException || log.isDeleted()) {
            LOG.debug("{} is not compacted any more: it was closed or deleted", log.id(), failure);
            return;
        }
        boolean passes = !(cause instanceof MalformedBatchException
                || cause instanceof LogFailedException);
        if (!troubles.failed(log.id(), Work.COMPACTION, cause.toString(), passes)) {
            LOG.debug("{} cannot be compacted still", log.id(), failure);
        } else if (passes) {
            LOG.error("CLN-001 {} cannot be compacted; it is tried again, ever more rarely",
                    log.id(), failure);
        } else {
            LOG.error("CLN-002 {} cannot be compacted and is left alone until a restart",
                    log.id(), failure);
        }
    }

    /** Returns false if the log was trimmed, deleted or quarantined meanwhile. */
    private boolean clean(LocalLog log, CleanableRange range) throws IOException {
        LogView view = log.view();
        List<AbortedTransaction> aborted = log.stored().state().abortedBetween(0, range.end());
        OffsetMap map = new OffsetMap(config.dedupeBuffer());
        map.reserve(range.end() - range.firstDirty());
        long upTo = KeyIndexer.index(new BatchIterator(dirtyPart(view, range)), range.firstDirty(),
                range.end(), aborted, map);
        if (upTo == range.firstDirty()) {
            throw new LogFailedException(
                    "log.cleaner.dedupe.buffer.size=%s cannot hold the keys of one batch"
                            .formatted(config.dedupeBuffer()));
        }
        Cleaner cleaner = new Cleaner(new Cleaner.Round(map, upTo, clock.millis(),
                log.options().compaction().deleteRetention(),
                ActiveProducers.of(log.stored().state()), aborted));
        List<List<Segment>> groups = groups(view, upTo, log.options().segmentBytes().bytes());
        for (int i = 0; i < groups.size(); i++) {
            boolean last = i == groups.size() - 1;
            List<Segment> group = groups.get(i);
            var change = new SegmentRewrite.Change(log, view, group, last ? upTo : 0, 0);
            if (rewrite.replace(change, cleaned(cleaner, group)) < 0) {
                return false;
            }
        }
        Cleaner.Summary summary = cleaner.summary();
        LOG.info("CLN-003 compacted {} up to offset {}: {} of {} records left, {} of {} bytes",
                log.id(), upTo,
                summary.recordsKept(), summary.recordsRead(), summary.bytesWritten(),
                summary.bytesRead());
        return true;
    }

    private static SegmentRewrite.Content cleaned(Cleaner cleaner, List<Segment> group) {
        return new SegmentRewrite.Content() {

            @Override
            public void write(Cleaner.BatchSink sink) throws IOException {
                cleaner.clean(new BatchIterator(group), sink);
            }

            @Override
            public List<AbortedTransaction> gone() {
                return cleaner.gone();
            }
        };
    }

    private static List<Segment> dirtyPart(LogView view, CleanableRange range) {
        List<Segment> part = new ArrayList<>();
        for (int i = view.indexFor(range.firstDirty()); i < view.segments().length; i++) {
            if (view.segments()[i].baseOffset() < range.end()) {
                part.add(view.segments()[i]);
            }
        }
        return part;
    }

    /**
     * Groups neighbouring segments to be merged into one. A group is at most {@code segmentBytes}
     * large, unless it has one segment, and spans at most {@link Integer#MAX_VALUE} offsets.
     */
    private static List<List<Segment>> groups(LogView view, long upTo, long segmentBytes) {
        List<List<Segment>> groups = new ArrayList<>();
        List<Segment> group = new ArrayList<>();
        long size = 0;
        for (int i = 0; i + 1 < view.segments().length; i++) {
            Segment segment = view.segments()[i];
            if (segment.baseOffset() >= upTo) {
                break;
            }
            long span = view.segments()[i + 1].baseOffset()
                    - (group.isEmpty() ? segment : group.getFirst()).baseOffset();
            if (!group.isEmpty()
                    && (size + segment.sizeBytes() > segmentBytes || span > Integer.MAX_VALUE)) {
                groups.add(group);
                group = new ArrayList<>();
                size = 0;
            }
            group.add(segment);
            size += segment.sizeBytes();
        }
        if (!group.isEmpty()) {
            groups.add(group);
        }
        return groups;
    }

    /**
     * Ends the thread; false if a compaction is still running when {@code patience} has elapsed.
     */
    boolean close(Duration patience) {
        return thread.end(patience);
    }
}
