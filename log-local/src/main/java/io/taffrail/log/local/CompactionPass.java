package io.taffrail.log.local;

import io.taffrail.log.compact.ActiveProducers;
import io.taffrail.log.compact.CleanableRange;
import io.taffrail.log.compact.Cleaner;
import io.taffrail.log.compact.KeyIndexer;
import io.taffrail.log.compact.OffsetMap;
import io.taffrail.log.local.segment.BatchScan;
import io.taffrail.log.local.segment.Segment;
import io.taffrail.log.spi.AbortedTransaction;
import io.taffrail.log.spi.CleanerReport.Run;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * One round of compaction of one log: reads the keys of the dirty part, then rewrites all segments
 * up to the end of the round, one group of neighbours after the other. What was rewritten before a
 * failure stays in place, and is read again by the next round. Runs on a cleaner thread;
 * progress may be read by any thread.
 */
final class CompactionPass {

    private final LocalLog log;
    private final LogView view;
    private final CleanableRange range;
    private final InstantSource clock;
    private final Instant began;
    private final CleanerThrottle throttle;
    private final BooleanSupplier stopped;
    private volatile long toMoveBytes;
    private volatile long bytesRead;
    private volatile long bytesWritten;
    private volatile boolean waiting;

    /** Ends a round before its end, because the engine stops or the log is deleted. */
    static final class Ended extends RuntimeException {

        private static final long serialVersionUID = 1;

        private Ended() {
            super("the engine stops, or the log is deleted", null, false, false);
        }
    }

    /**
     * @param stopped
     *            returns true when the engine ends
     */
    CompactionPass(LocalLog log, CleanableRange range, InstantSource clock,
            CleanerThrottle throttle, BooleanSupplier stopped) {
        this.log = log;
        this.view = log.view();
        this.range = range;
        this.clock = clock;
        this.began = clock.instant();
        this.throttle = throttle;
        this.stopped = stopped;
    }

    /**
     * Compacts.
     *
     * @param map
     *            reserved for the keys of this round
     * @return empty if the log was trimmed, opened again or quarantined meanwhile
     */
    Optional<Run> run(OffsetMap map, SegmentRewrite rewrite) throws IOException {
        List<AbortedTransaction> aborted = log.abortedTransactions(0, range.end());
        List<Segment> dirty = dirtyPart();
        toMoveBytes = bytes(dirty) + range.cleanBytes() + range.dirtyBytes();
        long upTo = KeyIndexer.index(new BatchScan(dirty, this::read), range.firstDirty(),
                range.end(), aborted, map);
        Cleaner cleaner = new Cleaner(new Cleaner.Round(map, upTo, clock.millis(),
                log.options().compaction().deleteRetention(),
                ActiveProducers.of(log.stored().state()), aborted));
        List<List<Segment>> groups = groups(upTo);
        toMoveBytes = bytesRead + groups.stream().mapToLong(CompactionPass::bytes).sum();
        for (int i = 0; i < groups.size(); i++) {
            boolean last = i == groups.size() - 1;
            var change = new SegmentRewrite.Change(log, view, groups.get(i), last ? upTo : 0, 0);
            if (rewrite.replace(change, cleaned(cleaner, groups.get(i))) < 0) {
                return Optional.empty();
            }
        }
        Cleaner.Summary summary = cleaner.summary();
        return Optional.of(new Run(clock.instant(), Duration.between(began, clock.instant()), upTo,
                upTo == range.end(), bytesRead, bytesWritten, summary.recordsRead(),
                summary.recordsKept()));
    }

    private SegmentRewrite.Content cleaned(Cleaner cleaner, List<Segment> group) {
        return new SegmentRewrite.Content() {

            @Override
            public void write(Cleaner.BatchSink sink) throws IOException {
                cleaner.clean(new BatchScan(group, CompactionPass.this::read), batch -> {
                    int bytes = batch.remaining();
                    sink.write(batch);
                    written(bytes);
                });
            }

            @Override
            public List<AbortedTransaction> gone() {
                return cleaner.gone();
            }
        };
    }

    // Only the thread of the pass writes the counters.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void read(int bytes) {
        bytesRead += bytes;
        pace(bytes);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate")
    private void written(int bytes) {
        bytesWritten += bytes;
        pace(bytes);
    }

    private void pace(int bytes) {
        throttle.pay(bytes, now -> waiting = now);
        if (stopped.getAsBoolean() || log.isDeleted()) {
            throw new Ended();
        }
    }

    /** True if retention has dropped segments of this round. */
    boolean isTrimmed() {
        return log.view().startOffset() > view.startOffset();
    }

    boolean isWaiting() {
        return waiting;
    }

    long bytesRead() {
        return bytesRead;
    }

    long bytesWritten() {
        return bytesWritten;
    }

    /** Bytes read, of those to be read, in percent. */
    int percent() {
        long all = toMoveBytes;
        return all == 0 ? 0 : (int) Math.min(100, bytesRead * 100 / all);
    }

    private List<Segment> dirtyPart() {
        List<Segment> part = new ArrayList<>();
        for (int i = view.indexFor(range.firstDirty()); i < view.segments().length; i++) {
            if (view.segments()[i].baseOffset() < range.end()) {
                part.add(view.segments()[i]);
            }
        }
        return part;
    }

    private static long bytes(List<Segment> segments) {
        return segments.stream().mapToLong(Segment::sizeBytes).sum();
    }

    /**
     * Groups neighbouring segments to be merged into one. A group is at most {@code segment.bytes}
     * large, unless it has one segment, and spans at most {@link Integer#MAX_VALUE} offsets.
     */
    private List<List<Segment>> groups(long upTo) {
        long segmentBytes = log.options().segmentBytes().bytes();
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
}
