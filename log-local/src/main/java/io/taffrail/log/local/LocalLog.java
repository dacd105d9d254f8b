package io.taffrail.log.local;

import io.taffrail.log.AppendResult;
import io.taffrail.log.CompactionOptions;
import io.taffrail.log.Durability;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.Refusal;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.compact.SegmentFacts;
import io.taffrail.log.local.journal.DiskFull;
import io.taffrail.log.local.journal.JournalMember;
import io.taffrail.log.local.segment.Segment;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.Registration;
import io.taffrail.log.spi.WritableLog;
import io.taffrail.log.state.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log of the local engine, open for writing.
 *
 * <p>
 * An append is written to the active segment (page cache), copied into the journal's group, and
 * waits in {@code pending}
 * until the journal has forced the group; then the view moves and readers are told. An append in
 * two steps,
 * {@link #reserve} and {@link #publish}, lets a commit write to several logs before any of them
 * counts it in.
 */
final class LocalLog implements WritableLog, JournalMember {

    private static final Logger LOG = LoggerFactory.getLogger(LocalLog.class);
    private static final CompletableFuture<Void> DURABLE = CompletableFuture.completedFuture(null);

    /** An append on its way to disk. */
    private record Pending(long endOffset, long group, int segment, int endPosition,
            CompletableFuture<Void> durable) {}

    /** A batch that lies in the active segment behind the end. */
    record Reserved(ByteBuffer batch, int position) {}

    private final LocalLogEngine engine;
    private final StoredLog stored;
    private final Owner owner;
    private final int leaderEpoch;
    private final LogReader reader;
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private final List<DurableEndListener> listeners = new ArrayList<>(1);
    private volatile LogOptions options;
    private long lastGroup;
    private long reservedOffset;
    private int reservedPosition;
    private AppendResult.@Nullable Refused dead;
    private boolean dirty;
    private boolean deleted;
    private volatile LogView view;

    LocalLog(LocalLogEngine engine, StoredLog stored, int leaderEpoch, LogOptions options,
            Owner owner) {
        this.engine = engine;
        this.stored = stored;
        this.leaderEpoch = leaderEpoch;
        this.options = options;
        this.owner = owner;
        this.view = viewAtEnd();
        this.reader = new LogReader(stored.id(), () -> view);
        clearReservation();
    }

    private LogView viewAtEnd() {
        int last = stored.segments().length - 1;
        return new LogView(stored.segments(), stored.startOffset(), stored.nextOffset(), last,
                last < 0 ? 0 : stored.active().sizeBytes());
    }

    StoredLog stored() {
        return stored;
    }

    LogView view() {
        return view;
    }

    /** All segments for the planning of a compaction; the last is active. */
    List<SegmentFacts> segmentFacts() {
        LogView now = view;
        List<SegmentFacts> facts = new ArrayList<>(now.segments().length);
        for (int i = 0; i < now.segments().length; i++) {
            Segment segment = now.segments()[i];
            long end = i + 1 < now.segments().length
                    ? now.segments()[i + 1].baseOffset()
                    : Long.MAX_VALUE;
            facts.add(new SegmentFacts(segment.baseOffset(), end, segment.sizeBytes(),
                    segment.firstTimestampMs(),
                    segment.ageFromMs()));
        }
        return facts;
    }

    /** Marks the log as changed since its last capture; true the first time. */
    boolean markDirty() {
        boolean first = !dirty;
        dirty = true;
        return first;
    }

    /** What a checkpoint has to know, on the owner's thread; nothing of a deleted log. */
    Optional<LogCapture> capture() {
        dirty = false;
        return deleted ? Optional.empty() : Optional.of(LogCapture.of(stored));
    }

    @Override
    public AppendResult append(ByteBuffer batch) {
        assert owner.isCurrent() : "append off the owner's thread";
        AppendResult.Refused refused = refusal(batch);
        if (refused != null) {
            return refused;
        }
        AppendResult decided = decide(batch);
        if (decided != null) {
            return decided;
        }
        try {
            return publish(reserve(batch));
        } catch (IOException e) {
            return storageRefused(e);
        }
    }

    /** Why nothing may be appended now, or {@code null}. */
    AppendResult.@Nullable Refused refusal(ByteBuffer batch) {
        if (dead != null) {
            return dead;
        }
        if (!BatchHeader.isFramed(batch, batch.position(), batch.limit())
                || BatchHeader.sizeBytes(batch, batch.position()) != batch.remaining()) {
            return new AppendResult.Refused(Refusal.CORRUPT_BATCH,
                    "not one whole batch of format 2");
        }
        return options.durability() == Durability.FSYNC ? engine.refusal() : null;
    }

    /** What the log's state says without storing anything, or {@code null} to store the batch. */
    @Nullable
    AppendResult decide(ByteBuffer batch) {
        return switch (stored.state().check(batch, batch.position())) {
            case Verdict.Accept accept -> null;
            case Verdict.Refuse refuse ->
                new AppendResult.Refused(refuse.reason(), refuse.detail());
            case Verdict.Duplicate again ->
                new AppendResult.Duplicate(again.baseOffset(), again.lastOffset(),
                        again.timestampMs(), durableAt(again.lastOffset()));
        };
    }

    private CompletableFuture<Void> durableAt(long offset) {
        for (Pending waiting : pending) {
            if (waiting.endOffset > offset) {
                return waiting.durable;
            }
        }
        return DURABLE;
    }

    /** Stamps a batch and writes it behind the end, and behind what is reserved already. */
    Reserved reserve(ByteBuffer batch) throws IOException {
        rollIfDue(batch);
        stored.prepareToAppend();
        BatchHeader.stamp(batch, batch.position(), reservedOffset, leaderEpoch);
        int position = reservedPosition;
        stored.active().write(batch, position);
        engine.hasRoom();
        reservedOffset = BatchHeader.lastOffset(batch, batch.position()) + 1;
        reservedPosition = position + batch.remaining();
        return new Reserved(batch, position);
    }

    /**
     * Counts a reserved batch in and hands it to the journal; on one log, in the order of the
     * reservations.
     */
    AppendResult publish(Reserved reserved) throws IOException {
        ByteBuffer batch = reserved.batch;
        long baseOffset = BatchHeader.baseOffset(batch, batch.position());
        stored.appended(batch, reserved.position, options.indexIntervalBytes(), engine.nowMs());
        engine.touched(this);
        long lastOffset = stored.nextOffset() - 1;
        CompletableFuture<Void> durable = hand(batch, reserved.position);
        if (options.durability() == Durability.FSYNC && stored.active().isWriteBackDue()) {
            engine.writeBack(stored.active());
        }
        return new AppendResult.Stored(baseOffset, lastOffset, durable);
    }

    private CompletableFuture<Void> hand(ByteBuffer batch, int position) {
        boolean forced = options.durability() == Durability.FSYNC;
        if (!forced && pending.isEmpty()) {
            view = viewAtEnd();
            tellListeners();
            return DURABLE;
        }
        long group = forced
                ? engine.journal().append(this, stored.idBytes(), stored.active().baseOffset(),
                        position, batch)
                : pending.getLast().group;
        CompletableFuture<Void> durable = new CompletableFuture<>();
        pending.add(new Pending(stored.nextOffset(), group, stored.segments().length - 1,
                position + batch.remaining(), durable));
        return durable;
    }

    /** Forgets reservations that were not published. */
    void clearReservation() {
        if (stored.hasSegments() && stored.active().baseOffset() > stored.nextOffset()) {
            stored.unroll();
            LogView now = view;
            view = new LogView(stored.segments(), now.startOffset(), now.durableEnd(),
                    now.durableSegment(),
                    now.durablePosition());
        }
        reservedOffset = stored.nextOffset();
        reservedPosition = stored.hasSegments() ? stored.active().sizeBytes() : 0;
    }

    AppendResult.Refused storageRefused(IOException e) {
        clearReservation();
        if (DiskFull.causedBy(e)) {
            engine.diskFullAt(stored.id(), e);
            return new AppendResult.Refused(Refusal.DISK_FULL, "disk full: " + e.getMessage());
        }
        LOG.error("LOG-001 {} failed; it is refused until a restart", stored.id(), e);
        dead = new AppendResult.Refused(Refusal.STORAGE_FAILED,
                "writing " + stored.id() + " failed: " + e);
        return dead;
    }

    private void rollIfDue(ByteBuffer batch) {
        if (!stored.hasSegments()) {
            startSegment(reservedOffset);
            return;
        }
        Segment active = stored.active();
        long size = reservedPosition;
        int at = batch.position();
        long offsets = reservedOffset + BatchHeader.lastOffsetDelta(batch, at)
                - active.baseOffset();
        boolean tooLarge = size > options.segmentBytes().bytes() - batch.remaining();
        boolean tooOld = active.firstTimestampMs() >= 0
                && BatchHeader.maxTimestamp(batch, at) - active.firstTimestampMs() > rollAfterMs();
        boolean isFirstReservation = reservedOffset == stored.nextOffset();
        if (size > 0 && isFirstReservation && (tooLarge || tooOld || offsets > Integer.MAX_VALUE)) {
            startSegment(reservedOffset);
        }
    }

    /**
     * Kafka's rule: what must be compacted within some time has to leave the active segment in that
     * time.
     */
    private long rollAfterMs() {
        long age = options.segmentAge().toMillis();
        CompactionOptions compaction = options.compaction();
        return compaction.enabled() ? Math.min(age, compaction.maxLag().toMillis()) : age;
    }

    private void startSegment(long baseOffset) {
        stored.roll(baseOffset);
        reservedPosition = 0;
        LogView now = view;
        int durable = now.durableSegment() < 0 ? 0 : now.durableSegment();
        view = new LogView(stored.segments(), now.startOffset(), now.durableEnd(), durable,
                now.durableSegment() < 0 ? 0 : now.durablePosition());
    }

    @Override
    public Owner owner() {
        return owner;
    }

    @Override
    public long lastGroup() {
        return lastGroup;
    }

    @Override
    public void lastGroup(long group) {
        lastGroup = group;
    }

    @Override
    public void durable(long group) {
        List<CompletableFuture<Void>> done = new ArrayList<>(4);
        Pending last = null;
        while (!pending.isEmpty() && pending.peek().group <= group) {
            last = pending.poll();
            done.add(last.durable);
        }
        if (last == null) {
            return;
        }
        LogView now = view;
        view = new LogView(now.segments(), now.startOffset(), last.endOffset, last.segment,
                last.endPosition);
        done.forEach(it -> it.complete(null));
        tellListeners();
    }

    @Override
    public void failed(Throwable cause) {
        dead = new AppendResult.Refused(Refusal.STORAGE_FAILED, String.valueOf(cause.getMessage()));
        LogFailedException failure = new LogFailedException(
                "not known to be stored: " + cause.getMessage(), cause);
        while (!pending.isEmpty()) {
            pending.poll().durable.completeExceptionally(failure);
        }
    }

    private void tellListeners() {
        long end = view.durableEnd();
        for (DurableEndListener listener : listeners.toArray(DurableEndListener[]::new)) {
            listener.advanced(end);
        }
    }

    @Override
    public long nextOffset() {
        return stored.nextOffset();
    }

    @Override
    public Registration onDurableEnd(DurableEndListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    @Override
    public LogOptions options() {
        return options;
    }

    @Override
    public void reconfigure(LogOptions newOptions) {
        assert owner.isCurrent();
        Durability before = options.durability();
        options = newOptions;
        if (before != newOptions.durability()) {
            engine.changeDurability(this, newOptions.durability());
        }
    }

    @Override
    public void trimTo(long offset) {
        assert owner.isCurrent();
        if (offset < view.startOffset() || offset > view.durableEnd()) {
            throw new IllegalArgumentException(
                    "offset " + offset + " is not between " + view.startOffset() + " and "
                            + view.durableEnd());
        }
        if (offset > view.startOffset()) {
            dropBelow(offset);
        }
    }

    private void dropBelow(long offset) {
        LogView now = view;
        List<Segment> dropped = stored.trimTo(offset);
        int count = dropped.size();
        shiftPending(count);
        int durable = now.durableSegment() - count;
        view = durable < 0
                ? new LogView(stored.segments(), stored.startOffset(), now.durableEnd(),
                        stored.hasSegments() ? 0 : -1, 0)
                : new LogView(stored.segments(), stored.startOffset(), now.durableEnd(), durable,
                        now.durablePosition());
        engine.touched(this);
        engine.trimmed(stored, dropped);
    }

    /**
     * Puts compacted segments in place of those that begin from {@code from} to below {@code to};
     * false if they have been
     * dropped meanwhile. Old files go when the journal has recorded it.
     */
    boolean replace(long from, long to, List<Segment> fresh, long cleanedTo) {
        assert owner.isCurrent();
        LogView now = view;
        List<Segment> old = stored.replace(from, to, fresh, cleanedTo);
        if (old.isEmpty() || deleted) {
            return false;
        }
        int fewer = old.size() - fresh.size();
        shiftPending(fewer);
        view = new LogView(stored.segments(), now.startOffset(), now.durableEnd(),
                now.durableSegment() - fewer,
                now.durablePosition());
        engine.touched(this);
        engine.replaced(stored, from, to, fresh, old);
        return true;
    }

    /** Segments are named by index in what is pending; those move when older ones go. */
    private void shiftPending(int dropped) {
        if (dropped == 0) {
            return;
        }
        for (int i = pending.size(); i > 0; i--) {
            Pending it = pending.poll();
            pending.add(new Pending(it.endOffset, it.group, it.segment - dropped, it.endPosition,
                    it.durable));
        }
    }

    @Override
    public void roll() {
        assert owner.isCurrent();
        if (stored.hasSegments() && stored.active().sizeBytes() > 0) {
            startSegment(stored.nextOffset());
            engine.touched(this);
        }
    }

    @Override
    public int maintain(long nowMs) {
        assert owner.isCurrent();
        stored.state().expireProducers(nowMs - options.producerExpiry().toMillis());
        int before = stored.segments().length;
        if (options.deleteRetained() && before > 0) {
            long keepFrom = Retention.firstOffsetKept(view, options, nowMs);
            if (keepFrom > stored.active().baseOffset() && keepFrom == stored.nextOffset()) {
                roll();
                before++;
            }
            if (keepFrom > stored.startOffset()) {
                dropBelow(keepFrom);
            }
        }
        return before - stored.segments().length;
    }

    @Override
    public void close() {
        assert owner.isCurrent();
        if (dead == null) {
            dead = new AppendResult.Refused(Refusal.CLOSED, stored.id() + " is closed");
        }
    }

    /**
     * A newer lease has been taken: this handle is dead, what it appended is not. On the owner's
     * thread.
     */
    void fence() {
        dead = new AppendResult.Refused(Refusal.WRITER_FENCED, "a newer lease owns " + stored.id());
    }

    /** The log was deleted: whoever waits hears that. On the owner's thread. */
    void delete() {
        String detail = stored.id() + " was deleted";
        deleted = true;
        failed(new LogFailedException(detail));
        dead = new AppendResult.Refused(Refusal.CLOSED, detail);
    }

    @Override
    public LogId id() {
        return stored.id();
    }

    @Override
    public long startOffset() {
        return view.startOffset();
    }

    @Override
    public long durableEnd() {
        return view.durableEnd();
    }

    @Override
    public long lastStableOffset() {
        return stored.state().lastStableOffset(view.durableEnd());
    }

    @Override
    public int leaderEpoch() {
        return leaderEpoch;
    }

    @Override
    public long sizeBytes() {
        return reader.sizeBytes();
    }

    @Override
    public int segmentCount() {
        return view.segments().length;
    }

    @Override
    public ReadResult read(long offset, long upTo, int maxBytes, boolean oneAtLeast) {
        return reader.read(offset, upTo, maxBytes, oneAtLeast);
    }

    @Override
    public Optional<TimedOffset> offsetForTime(long timestampMs) {
        return reader.offsetForTime(timestampMs);
    }

    @Override
    public Optional<TimedOffset> offsetOfMaxTimestamp() {
        return reader.offsetOfMaxTimestamp();
    }

    @Override
    public Optional<EpochEnd> endOffsetForEpoch(int epoch) {
        return stored.state().endOffsetForEpoch(epoch, view.durableEnd());
    }

    @Override
    public List<ProducerSnapshot> producers() {
        return stored.state().producers();
    }
}
