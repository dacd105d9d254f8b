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
import io.taffrail.log.state.EndMarker;
import io.taffrail.log.state.LogState;
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
 * What is stored of one log: segments, offsets and state, whether or not somebody has it open.
 * Changed by recovery, then only
 * by the thread of the log's owner.
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
    private Segment[] segments = NO_SEGMENTS;
    private LogState state = new LogState();
    private Durability durability;
    private long startOffset;
    private long nextOffset;
    private int highestEpoch = -1;
    private volatile long cleanedTo;
    private boolean tailUncut;
    /** Whether a segment that was begun for refused batches was given up with bytes in its file. */
    private boolean leftovers;
    /** During recovery: the state before the first batch that it does not know. */
    private @Nullable ByteBuffer stateBeforeGap;
    private long gapFrom;
    private int changes;
    private int unsettled;
    /** Changes of durability that a start would not know of yet. */
    private final AtomicInteger unrecorded = new AtomicInteger();
    /** Whether appends may have been acknowledged since the checkpoint that are in no journal. */
    private boolean unjournaled;
    private boolean dropped;

    StoredLog(LogId id, Path parent, StoredLogs logs, Durability durability) {
        this.id = id;
        this.idBytes = id.value().getBytes(StandardCharsets.US_ASCII);
        this.folder = parent.resolve(id.value());
        this.files = logs.files();
        this.clock = logs.clock();
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

    /** A change of durability that the journal is to record begins; any thread. */
    void changeBegins() {
        unrecorded.incrementAndGet();
    }

    /** The journal has recorded a change; any thread. */
    void changeRecorded() {
        unrecorded.decrementAndGet();
    }

    /**
     * Whether a start would not know the log's durability: a change is on its way, or the journal
     * has failed.
     */
    boolean isChanging() {
        return unrecorded.get() > 0;
    }

    /**
     * Records that were acknowledged with less than {@code fsync} are below those that are to be
     * forced: until a checkpoint has forced all, none of those is acknowledged. Owner only, as is
     * {@link #settled}.
     */
    void unsettle() {
        unsettled = ++changes;
    }

    /** Number of the change that a checkpoint has yet to settle; 0 if none. */
    int unsettled() {
        return unsettled;
    }

    /** A checkpoint has what there was at a change. */
    void settled(int change) {
        if (unsettled == change) {
            unsettled = 0;
        }
    }

    /**
     * After a replay: whether records of durability {@code os} were lost, and others that followed
     * them in the journal were given up with them; they were not acknowledged yet.
     */
    boolean hasDropped() {
        return dropped;
    }

    /** After a replay: what was not journaled lies in the page cache, as far as anybody knows. */
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

    /** Below it, compaction has been everywhere once. */
    long cleanedTo() {
        return cleanedTo;
    }

    /** In offset order; not to be changed. */
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
        // A sealed segment is read up to its known size only: what a crash left behind that may stay.
        tailUncut = leftovers;
        leftovers = false;
        Segment segment = Segment.create(folder, baseOffset, 0, files);
        segments = Arrays.copyOf(segments, segments.length + 1);
        segments[segments.length - 1] = segment;
        return segment;
    }

    /** Drops an empty active segment again. */
    void unroll() {
        leftovers = true;
        segments = Arrays.copyOf(segments, segments.length - 1);
    }

    /**
     * Does what may fail before an append counts: cuts what a crash left behind the known end,
     * once,
     * and loads the index.
     */
    void prepareToAppend() throws IOException {
        active().loadIndex();
        if (tailUncut) {
            active().cutTail();
            tailUncut = false;
        }
    }

    /**
     * Cuts what a crash, or a refusal, left behind the known end, before the log becomes one of
     * durability {@code os}: a start would take intact batches there for records of that
     * durability, though nobody was told that they are stored.
     */
    void prepareForScan() throws IOException {
        if (tailUncut && hasSegments()) {
            prepareToAppend();
        }
    }

    /** Batches were written behind the end and then refused. */
    void leftBehind() throws IOException {
        tailUncut = true;
        if (unjournaled) {
            prepareForScan();
        }
    }

    /**
     * Takes in a batch that lies in the active segment at {@code position}, with offsets stamped.
     */
    void appended(ByteBuffer batch, int position, int indexIntervalBytes, long nowMs)
            throws IOException {
        int at = batch.position();
        FailStop.require(BatchHeader.baseOffset(batch, at) == nextOffset,
                "offset of an append to a log", nextOffset, BatchHeader.baseOffset(batch, at));
        active().appended(batch, position, indexIntervalBytes, nowMs);
        state.apply(batch, at);
        nextOffset = BatchHeader.lastOffset(batch, at) + 1;
    }

    /**
     * Moves the start; returns the segments that lie wholly below it and are no longer part of the
     * log.
     */
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
     * After the replay of a trim to the end: where the last segment's file is gone, another had
     * been begun after it, of which the journal knows nothing. Of durability {@code os} it may hold
     * records, also where the replay of older records has made the last segment's file anew.
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
     * After the journal, where every record was trimmed: gives up the segments, as the journal
     * would hold what follows in them; returns those. Not of durability {@code os}, whose records
     * are not in the journal.
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

    /** Replays a journaled batch; writes it again unless it is already counted in. */
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
     * Takes in intact batches behind the known end that were never journaled, over all segments
     * that follow.
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
     * Deletes segments behind the last: what a power cut left of records of which it took the
     * first.
     * The log goes on differently, and a later scan must not take them for its own.
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
        return Segment.restore(folder, new SegmentInfo(baseOffset, 0, 0, -1, -1, 0), files);
    }

    /**
     * Puts what compaction wrote in place of the segments that begin from {@code from} to below
     * {@code to}; returns those,
     * or nothing where they are no longer there or replaced already.
     */
    List<Segment> replace(long from, long to, List<Segment> fresh, long cleaned) {
        if (to > nextOffset && (!hasSegments() || active().baseOffset() < from)) {
            // Segments of durability os that were compacted before a checkpoint knew of them.
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
        // A checkpoint may hold this compaction already, or a later one of the same segments.
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
     * Offsets below this have been given out, as a compaction of them shows; those of durability
     * {@code os} may not all be found again. What lies between the known end and this is in no
     * journal, and {@link #fillGap} has the state learn of it.
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
     * After the journal: where the state misses batches that only compacted segments hold, applies
     * everything again from there on, in the order of offsets.
     */
    void fillGap() throws IOException {
        ByteBuffer before = stateBeforeGap;
        stateBeforeGap = null;
        if (before == null || !hasSegments()) {
            return;
        }
        LogState filled = LogState.restore(before);
        try {
            BatchIterator batches = new BatchIterator(List.of(segments));
            while (batches.hasNext()) {
                ByteBuffer batch = batches.next();
                if (BatchHeader.baseOffset(batch, 0) >= gapFrom) {
                    filled.apply(batch, 0);
                    highestEpoch(BatchHeader.leaderEpoch(batch, 0));
                }
            }
        } catch (UncheckedIOException e) {
            throw Objects.requireNonNull(e.getCause());
        } catch (LogFailedException | MalformedBatchException e) {
            LOG.warn("CLN-011 producers and transactions of {} are not known from offset {} on: {}",
                    id, gapFrom, e.toString());
            return;
        }
        filled.trimTo(startOffset);
        state = filled;
    }

    /**
     * Whether the marker of an aborted transaction is stored at {@code offset}, or cannot be read.
     */
    boolean mayHoldMarker(long offset) {
        int at = segments.length - 1;
        while (at >= 0 && segments[at].baseOffset() > offset) {
            at--;
        }
        if (at < 0) {
            return false;
        }
        Segment segment = segments[at];
        try {
            int size = segment.sizeBytes();
            int position = segment.locate(offset, size);
            if (position >= size) {
                return false;
            }
            ByteBuffer batch = segment.readBatch(position, size);
            return BatchHeader.baseOffset(batch, 0) == offset && BatchHeader.isControl(batch, 0)
                    && EndMarker.read(batch, 0).type() == EndMarker.Type.ABORT;
        } catch (IOException | LogFailedException | MalformedBatchException e) {
            LOG.warn("CLN-010 the marker at offset {} of {} cannot be read: {}", offset, id,
                    e.toString());
            return true;
        }
    }

    /**
     * An empty segment is named by the offset it begins with, and the log may go on behind that.
     */
    private void dropEmptyEnd() {
        if (hasSegments() && active().sizeBytes() == 0 && active().baseOffset() < nextOffset) {
            unroll();
        }
    }

    /** An empty segment for the result of a compaction; not yet part of the log. */
    Segment rewriteOf(Segment first) {
        return Segment.create(folder, first.baseOffset(), first.generation() + 1, files);
    }

    /**
     * Takes in what was found, and writes it again: where an earlier run failed to force it, the
     * kernel counts its pages as clean, and no later force would bring them to disk.
     */
    private void scanActive() throws IOException {
        active().walkIntact(active().sizeBytes(), nextOffset, (batch, position) -> {
            active().write(batch, position);
            appended(batch, position, REPLAY_INDEX_INTERVAL, clock.millis());
            highestEpoch(BatchHeader.leaderEpoch(batch, 0));
        });
    }

    /** Puts back what a checkpoint recorded. */
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
