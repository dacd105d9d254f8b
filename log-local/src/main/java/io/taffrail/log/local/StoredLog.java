package io.taffrail.log.local;

import io.taffrail.log.Durability;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.batch.MalformedBatchException;
import io.taffrail.log.guard.FailStop;
import io.taffrail.log.local.segment.OpenFiles;
import io.taffrail.log.local.segment.Segment;
import io.taffrail.log.local.segment.SegmentInfo;
import io.taffrail.log.spi.AbortedTransaction;
import io.taffrail.log.state.LogState;
import io.taffrail.log.state.ProducerSpace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stored part of one log: its segments, offsets and state, whether or not the log is open.
 * Recovery changes it first; afterwards only the thread of the log's owner does.
 */
final class StoredLog {

    private static final Logger LOG = LoggerFactory.getLogger(StoredLog.class);
    private static final Segment[] NO_SEGMENTS = {};
    private static final Pattern SEGMENT = Pattern.compile("\\d{20}\\.log");
    private static final Pattern ANY_FILE = Pattern.compile("\\d{20}\\..+");

    private final LogId id;
    private final byte[] idBytes;
    private final Path folder;
    private final OpenFiles files;
    private final InstantSource clock;
    private final ProducerSpace producers;
    private Segment[] segments = NO_SEGMENTS;
    private LogState state;
    private Durability durability;
    private long startOffset;
    private long nextOffset;
    private int highestEpoch = -1;
    private volatile long cleanedTo;
    private boolean tailUncut;
    /** True if a segment begun for refused batches was abandoned with bytes in its file. */
    private boolean leftovers;
    /** During recovery: the state before the first batch that is missing from it. */
    private @Nullable ByteBuffer stateBeforeGap;
    private long gapFrom;
    private int changes;
    private int unsettled;
    /** Number of durability changes that the journal has not recorded yet. */
    private final AtomicInteger unrecorded = new AtomicInteger();
    /** True if appends since the checkpoint may have been acknowledged without a journal entry. */
    private boolean unjournaled;
    private boolean dropped;

    StoredLog(LogId id, Path parent, StoredLogs logs, Durability durability) {
        this.id = id;
        this.idBytes = id.value().getBytes(StandardCharsets.US_ASCII);
        this.folder = parent.resolve(id.value());
        this.files = logs.files();
        this.clock = logs.clock();
        this.producers = logs.producers();
        this.state = new LogState(producers);
        this.durability = durability;
        this.unjournaled = durability == Durability.OS;
    }

    LogId id() {
        return id;
    }

    byte[] idBytes() {
        return idBytes;
    }

    LogState state() {
        return state;
    }

    Durability durability() {
        return durability;
    }

    void durability(Durability value) {
        durability = value;
        unjournaled |= value == Durability.OS;
    }

    /** Begins a durability change that the journal is to record. Any thread. */
    void changeBegins() {
        unrecorded.incrementAndGet();
    }

    /** Ends a durability change: the journal has recorded it. Any thread. */
    void changeRecorded() {
        unrecorded.decrementAndGet();
    }

    /**
     * True if a start would not know the log's durability: a change is in progress, or the journal
     * failed while recording it.
     */
    boolean isChanging() {
        return unrecorded.get() > 0;
    }

    /**
     * Begins a change to {@code fsync}. The log may contain records that were acknowledged before
     * they were forced. Appends behind them are not acknowledged until a checkpoint has forced
     * everything below. Owner's thread only, as is {@link #settled}.
     */
    void unsettle() {
        unsettled = ++changes;
    }

    /** Number of the durability change that no checkpoint has covered yet; 0 if none. */
    int unsettled() {
        return unsettled;
    }

    /** Ends the wait for a checkpoint if {@code change} is still the latest change. */
    void settled(int change) {
        if (unsettled == change) {
            unsettled = 0;
        }
    }

    /**
     * After a replay: true if journaled records were discarded because records of durability
     * {@code os} before them were lost. The discarded records had not been acknowledged.
     */
    boolean hasDropped() {
        return dropped;
    }

    /**
     * Ends the replay. Records that were not journaled may be in the page cache only, so a log of
     * durability {@code fsync} waits for a checkpoint.
     */
    void finishReplay() {
        if (unjournaled && durability == Durability.FSYNC) {
            unsettle();
        }
    }

    long startOffset() {
        return startOffset;
    }

    long nextOffset() {
        return nextOffset;
    }

    int highestEpoch() {
        return highestEpoch;
    }

    void highestEpoch(int epoch) {
        highestEpoch = Math.max(highestEpoch, epoch);
    }

    /** Offset below which every segment has been compacted at least once. */
    long cleanedTo() {
        return cleanedTo;
    }

    /** Segments in offset order. The caller must not change the array. */
    Segment[] segments() {
        return segments;
    }

    boolean hasSegments() {
        return segments.length > 0;
    }

    Segment active() {
        return segments[segments.length - 1];
    }

    long sizeBytes() {
        long size = 0;
        for (Segment segment : segments) {
            size += segment.sizeBytes();
        }
        return size;
    }

    /** Begins a new segment at {@code baseOffset}. */
    Segment roll(long baseOffset) {
        // Readers of a sealed segment stop at its known size, so bytes behind that may stay.
        tailUncut = leftovers;
        leftovers = false;
        Segment segment = Segment.create(folder, baseOffset, 0, files);
        segments = Arrays.copyOf(segments, segments.length + 1);
        segments[segments.length - 1] = segment;
        return segment;
    }

    /** Removes the empty active segment. */
    void unroll() {
        leftovers = true;
        segments = Arrays.copyOf(segments, segments.length - 1);
    }

    /**
     * Performs the parts of an append that can fail before it counts: loads the index, and once
     * cuts bytes that a crash left behind the known end.
     */
    void prepareToAppend() throws IOException {
        active().loadIndex();
        if (tailUncut) {
            active().cutTail();
            tailUncut = false;
        }
    }

    /**
     * Cuts bytes that a crash or a refusal left behind the known end, before the log changes
     * to durability {@code os}. A start would otherwise take intact batches there for
     * acknowledged ones.
     */
    void prepareForScan() throws IOException {
        if (tailUncut && hasSegments()) {
            prepareToAppend();
        }
    }

    /** Marks that refused batches were written behind the end. */
    void leftBehind() throws IOException {
        tailUncut = true;
        if (unjournaled) {
            prepareForScan();
        }
    }

    /**
     * Counts in a batch whose offsets are stamped and which lies in the active segment at
     * {@code position}, in bytes.
     */
    void appended(ByteBuffer batch, int position, int indexIntervalBytes, long nowMs)
            throws IOException {
        int at = batch.position();
        FailStop.require(BatchHeader.baseOffset(batch, at) == nextOffset,
                "offset of an append to a log", nextOffset, BatchHeader.baseOffset(batch, at));
        active().appended(batch, position, indexIntervalBytes, nowMs);
        state.apply(batch, at).ifPresent(active().aborted()::add);
        nextOffset = BatchHeader.lastOffset(batch, at) + 1;
    }

    /** Advances the start offset; removes and returns the segments that lie wholly below it. */
    List<Segment> trimTo(long offset) {
        startOffset = Math.max(startOffset, offset);
        nextOffset = Math.max(nextOffset, startOffset);
        List<Segment> dropped = new ArrayList<>();
        int first = 0;
        while (first + 1 < segments.length && segments[first + 1].baseOffset() <= startOffset) {
            dropped.add(segments[first++]);
        }
        if (first > 0) {
            segments = Arrays.copyOfRange(segments, first, segments.length);
        }
        state.trimTo(startOffset);
        return dropped;
    }

    /**
     * Completes the replay of a trim to the log's end. If the last segment's file is missing,
     * the log had gone on in a later segment that the journal does not name. For durability
     * {@code os} that segment may hold records, even if the replay of older records has recreated
     * the last segment's file.
     */
    void settleEnd() throws IOException {
        if (hasSegments() && startOffset == nextOffset && !files.disk().exists(active().path())) {
            segments = NO_SEGMENTS;
        }
        dropEmptyEnd();
        if (durability == Durability.OS && startOffset == nextOffset) {
            long base = lastBaseUpTo(startOffset);
            if (base >= 0 && (!hasSegments() || base > active().baseOffset())) {
                segments = new Segment[]{unknown(base)};
                nextOffset = base;
                scanTail();
                nextOffset = Math.max(nextOffset, startOffset);
                dropEmptyEnd();
            }
        }
    }

    /**
     * Detaches and returns all segments if every record has been trimmed; later records are in the
     * journal. Does nothing for durability {@code os}, whose records are not in the journal.
     * Called after the replay.
     */
    List<Segment> dropIfEmpty() {
        if (startOffset != nextOffset || durability == Durability.OS) {
            return List.of();
        }
        List<Segment> dropped = List.of(segments);
        segments = NO_SEGMENTS;
        return dropped;
    }

    private long lastBaseUpTo(long offset) throws IOException {
        return files.disk().list(folder).stream().filter(it -> SEGMENT.matcher(it).matches())
                .mapToLong(StoredLog::base)
                .filter(it -> it <= offset).max().orElse(-1);
    }

    /** Replays a journaled batch; writes it again unless its offsets are already below the end. */
    void replay(long segmentBase, int position, ByteBuffer batch) throws IOException {
        long baseOffset = BatchHeader.baseOffset(batch, 0);
        if (baseOffset < nextOffset) {
            return;
        }
        if (baseOffset > nextOffset) {
            scanTail();
        }
        if (baseOffset > nextOffset && unjournaled) {
            dropped = true;
            return;
        }
        if (baseOffset != nextOffset) {
            throw new LogFailedException(
                    "%s: the journal continues at offset %d, the log ends at %d: %s"
                            .formatted(id, baseOffset, nextOffset,
                                    "records in between are missing"));
        }
        if (!hasSegments() || active().baseOffset() != segmentBase) {
            roll(segmentBase);
        }
        active().rewrite(batch, position);
        appended(batch, position, REPLAY_INDEX_INTERVAL, clock.millis());
        highestEpoch(BatchHeader.leaderEpoch(batch, 0));
        tailUncut = true;
    }

    private static final int REPLAY_INDEX_INTERVAL = 4096;

    /**
     * Counts in intact batches behind the known end that were never journaled, across all
     * following segments.
     */
    void scanTail() throws IOException {
        if (!hasSegments()) {
            if (!files.disk().exists(folder.resolve("%020d.log".formatted(startOffset)))) {
                return;
            }
            segments = new Segment[]{unknown(startOffset)};
        }
        scanActive();
        while (active().sizeBytes() > 0 && nextOffset > active().baseOffset()
                && files.disk().exists(folder.resolve("%020d.log".formatted(nextOffset)))) {
            segments = Arrays.copyOf(segments, segments.length + 1);
            segments[segments.length - 1] = unknown(nextOffset);
            scanActive();
        }
        tailUncut = true;
    }

    /**
     * Deletes segments behind the last one. A power cut may leave them when it loses records
     * before them. The log assigns their offsets again, and a later scan must not take the old
     * segments for its own.
     */
    void dropBehindEnd() throws IOException {
        long last = hasSegments() ? active().baseOffset() : startOffset - 1;
        for (String name : files.disk().list(folder)) {
            if (ANY_FILE.matcher(name).matches() && base(name) > last) {
                files.disk().delete(folder.resolve(name));
            }
        }
    }

    private static long base(String file) {
        return Long.parseLong(file.substring(0, file.indexOf('.')));
    }

    private Segment unknown(long baseOffset) {
        return Segment.restore(folder, new SegmentInfo(baseOffset, 0, 0, -1, -1, 0, 0), files);
    }

    /**
     * Replaces the segments that begin in {@code [from, to)} with compacted ones; returns the
     * replaced segments, or an empty list if they are gone or already replaced.
     */
    List<Segment> replace(long from, long to, List<Segment> fresh, long cleaned) {
        if (to > nextOffset && (!hasSegments() || active().baseOffset() < from)) {
            // Segments of durability os that were compacted before a checkpoint recorded them.
            List<Segment> all = new ArrayList<>(List.of(segments));
            all.addAll(fresh);
            segments = all.toArray(NO_SEGMENTS);
            cleanedTo = Math.max(cleanedTo, cleaned);
            return List.of();
        }
        List<Segment> kept = new ArrayList<>();
        List<Segment> old = new ArrayList<>();
        for (Segment segment : segments) {
            (segment.baseOffset() >= from && segment.baseOffset() < to ? old : kept).add(segment);
        }
        // The checkpoint may already contain this compaction, or a later one of the same segments.
        boolean done = !old.isEmpty() && !fresh.isEmpty()
                && old.getFirst().baseOffset() == fresh.getFirst().baseOffset()
                && old.getFirst().generation() >= fresh.getFirst().generation();
        if (old.isEmpty() || done) {
            return List.of();
        }
        int at = 0;
        while (at < kept.size() && kept.get(at).baseOffset() < from) {
            at++;
        }
        kept.addAll(at, fresh);
        segments = kept.toArray(NO_SEGMENTS);
        cleanedTo = Math.max(cleanedTo, cleaned);
        return old;
    }

    /**
     * Advances the next offset to {@code offset}: a compaction shows that the offsets below were
     * assigned, though batches of durability {@code os} may be missing. The journal has no entries
     * for the gap; {@link #fillGap} later adds its batches to the state.
     */
    void continueAt(long offset) {
        if (offset > nextOffset && stateBeforeGap == null) {
            gapFrom = nextOffset;
            stateBeforeGap = state.snapshot();
        }
        nextOffset = Math.max(nextOffset, offset);
        dropEmptyEnd();
    }

    /**
     * Rebuilds the state if it misses batches that exist only in compacted segments: applies every
     * batch from the gap on, in offset order. Called after the replay. Indexes of later segments
     * may miss transactions that began in the gap, so they are made again.
     */
    void fillGap() throws IOException {
        ByteBuffer before = stateBeforeGap;
        stateBeforeGap = null;
        if (before == null || !hasSegments()) {
            return;
        }
        LogState filled = LogState.restore(before, producers);
        List<AbortedTransaction> aborted = new ArrayList<>();
        try {
            BatchIterator batches = new BatchIterator(List.of(segments));
            while (batches.hasNext()) {
                ByteBuffer batch = batches.next();
                if (BatchHeader.baseOffset(batch, 0) >= gapFrom) {
                    filled.apply(batch, 0).ifPresent(aborted::add);
                    highestEpoch(BatchHeader.leaderEpoch(batch, 0));
                }
            }
        } catch (UncheckedIOException e) {
            throw Objects.requireNonNull(e.getCause());
        } catch (LogFailedException | MalformedBatchException e) {
            LOG.warn("CLN-011 producers and transactions of {} are not known from offset {} on: {}",
                    id, gapFrom, e.toString());
            AbortedRebuild.forgetFrom(List.of(segments), gapFrom);
            return;
        }
        AbortedRebuild.replaceFrom(List.of(segments), gapFrom, aborted);
        filled.trimTo(startOffset);
        state.discard();
        state = filled;
    }

    /**
     * Removes an empty last segment whose base offset is below the log's end. A segment is named by
     * its first offset, and the next append gets a later one.
     */
    private void dropEmptyEnd() {
        if (hasSegments() && active().sizeBytes() == 0 && active().baseOffset() < nextOffset) {
            unroll();
        }
    }

    /** Returns an empty segment for the result of a compaction; it is not yet part of the log. */
    Segment rewriteOf(Segment first) {
        return Segment.create(folder, first.baseOffset(), first.generation() + 1, files);
    }

    /**
     * Counts in the batches found by a scan and writes them again. If an earlier run failed
     * to force them, the kernel considers their pages clean, and no later force would
     * write them to disk.
     */
    private void scanActive() throws IOException {
        active().walkIntact(active().sizeBytes(), nextOffset, (batch, position) -> {
            active().write(batch, position);
            appended(batch, position, REPLAY_INDEX_INTERVAL, clock.millis());
            highestEpoch(BatchHeader.leaderEpoch(batch, 0));
        });
    }

    /** Restores the values that a checkpoint recorded. */
    void restore(long start, long next, int epoch, long cleaned, List<Segment> restored,
            LogState restoredState) {
        cleanedTo = cleaned;
        startOffset = start;
        nextOffset = next;
        highestEpoch = epoch;
        segments = restored.toArray(NO_SEGMENTS);
        state = restoredState;
        tailUncut = hasSegments();
    }

    Path folder() {
        return folder;
    }
}
