package io.taffrail.log.local;

import io.taffrail.log.AppendResult;
import io.taffrail.log.Durability;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogOptions;
import io.taffrail.log.Refusal;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.guard.FailStop;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.local.journal.DiskFull;
import io.taffrail.log.local.journal.Journal;
import io.taffrail.log.local.journal.JournalMember;
import io.taffrail.log.local.segment.Segment;
import io.taffrail.log.spi.OffsetSet;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.Registration;
import io.taffrail.log.spi.WritableLog;
import io.taffrail.log.state.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log of the local engine that is open for writing. Its methods run on the owner's thread unless
 * they say otherwise.
 *
 * <p>
 * An append writes the batch to the active segment (page cache) and copies it into the journal's
 * current group. It then waits in {@code pending} until the journal has forced the group;
 * after that the view advances and listeners are called. A commit to several logs appends in two
 * steps, {@link #reserve} and {@link #count}, so that no log changes its state before every batch
 * has been accepted.
 */
final class LocalLog extends ReadableLocalLog implements WritableLog, JournalMember {

    private static final Logger LOG = LoggerFactory.getLogger(LocalLog.class);

    /** A batch written to the active segment behind the log's end and not yet counted in. */
    record Reserved(ByteBuffer batch, int position) {}

    private final LocalLogEngine engine;
    private final StoredLog stored;
    private final Owner owner;
    private final PendingAppends pending = new PendingAppends();
    private final List<DurableEndListener> listeners = new ArrayList<>(1);
    private volatile LogOptions options;
    private long lastGroup;
    /** Last forced group with appends of this log that also wait for a checkpoint; 0 if none. */
    private long heldGroup;
    private long reservedOffset;
    private int reservedPosition;
    private AppendResult.@Nullable Refused dead;
    private boolean dirty;
    private volatile boolean deleted;
    private volatile boolean quarantined;
    /** True once a newer handle of this log exists, whose view this one must not change. */
    private boolean fenced;

    LocalLog(LocalLogEngine engine, StoredLog stored, int leaderEpoch, LogOptions options,
            Owner owner) {
        super(stored, leaderEpoch);
        this.engine = engine;
        this.stored = stored;
        this.options = options;
        this.owner = owner;
        clearReservation();
    }

    /** Marks the log as changed since its last capture; true the first time, unless deleted. */
    boolean markDirty() {
        boolean first = !dirty && !deleted;
        dirty = true;
        return first;
    }

    /** Captures the state for a checkpoint. Owner's thread only. */
    LogCapture capture() {
        dirty = false;
        return LogCapture.of(stored);
    }

    @Override
    public AppendResult append(ByteBuffer batch) {
        assert owner.isCurrent() : "append off the owner's thread";
        AppendResult.Refused refused = refusal(batch);
        if (refused != null) {
            return refused(batch, refused);
        }
        AppendResult decided = decide(batch);
        if (decided != null) {
            return decided;
        }
        try {
            return publish(reserve(batch));
        } catch (IOException e) {
            return refused(batch, storageRefused(e));
        } catch (Throwable e) {
            return quarantine(e);
        }
    }

    /**
     * Adds a reserved batch to the journal and counts it in; does neither if the
     * journal has no room.
     */
    private AppendResult publish(Reserved reserved) {
        if (!isJournaled()) {
            return count(reserved, 0);
        }
        Journal journal = engine.journal();
        journal.lock();
        try {
            if (!journal.reserve(journaledBytes(reserved))) {
                clearReservation();
                return refused(reserved.batch, engine.admission().notReserved());
            }
            return count(reserved, journal(reserved));
        } finally {
            journal.unlock();
        }
    }

    /**
     * Records a refusal. If its reason is temporary, the producer state remembers a producer's
     * refused first batch.
     */
    AppendResult refused(ByteBuffer batch, AppendResult.Refused refused) {
        if (refused.reason() == Refusal.DISK_FULL || refused.reason() == Refusal.OVERLOADED) {
            stored.state().refused(batch, batch.position());
        }
        return refused;
    }

    /** Returns the reason why no batch can be appended now, or {@code null}. */
    AppendResult.@Nullable Refused refusal(ByteBuffer batch) {
        if (dead != null) {
            return dead;
        }
        if (!BatchHeader.isFramed(batch, batch.position(), batch.limit())
                || BatchHeader.sizeBytes(batch, batch.position()) != batch.remaining()) {
            return new AppendResult.Refused(Refusal.CORRUPT_BATCH,
                    "not one whole batch of format 2");
        }
        return isJournaled() ? engine.admission().refusal() : null;
    }

    /** Checks the batch against the log's state; returns {@code null} if it is to be stored. */
    @Nullable
    private AppendResult decide(ByteBuffer batch) {
        return switch (stored.state().check(batch, batch.position())) {
            case Verdict.Accept accept -> null;
            case Verdict.Refuse refuse ->
                new AppendResult.Refused(refuse.reason(), refuse.detail());
            case Verdict.Duplicate again -> duplicate(again);
        };
    }

    AppendResult.Duplicate duplicate(Verdict.Duplicate again) {
        return new AppendResult.Duplicate(again.baseOffset(), again.lastOffset(),
                again.timestampMs(), pending.durableAt(again.lastOffset()));
    }

    /** Stamps a batch and writes it to the active segment behind all earlier reservations. */
    Reserved reserve(ByteBuffer batch) throws IOException {
        rollIfDue(batch);
        stored.prepareToAppend();
        BatchHeader.stamp(batch, batch.position(), reservedOffset, leaderEpoch());
        int position = reservedPosition;
        stored.active().write(batch, position);
        engine.admission().hasRoom();
        reservedOffset = BatchHeader.lastOffset(batch, batch.position()) + 1;
        reservedPosition = position + batch.remaining();
        return new Reserved(batch, position);
    }

    /**
     * True if appends go through the journal: they must be forced, or a durability
     * change is in progress.
     */
    boolean isJournaled() {
        return options.durability() == Durability.FSYNC || stored.isChanging();
    }

    /** Size of the journal entry for a reserved batch, in bytes. */
    int journaledBytes(Reserved reserved) {
        return Journal.appendBytes(stored.idBytes(), reserved.batch.remaining());
    }

    /**
     * Adds a reserved batch to the journal, which must have room for it, and returns its group.
     * Batches of one log must be added in the order of their reservations.
     */
    long journal(Reserved reserved) {
        return engine.journal().append(this, stored.idBytes(), stored.active().baseOffset(),
                reserved.position, reserved.batch);
    }

    /**
     * Counts in a reserved batch. A batch that is in the journal will be stored even if this log's
     * own code fails here: the append then completes like any other, and the log is quarantined.
     *
     * @param group
     *            the group that contains the batch; 0 if it is not journaled
     */
    AppendResult count(Reserved reserved, long group) {
        ByteBuffer batch = reserved.batch;
        long baseOffset = BatchHeader.baseOffset(batch, batch.position());
        long endOffset = BatchHeader.lastOffset(batch, batch.position()) + 1;
        int segment = stored.segments().length - 1;
        int end = reserved.position + batch.remaining();
        CompletableFuture<Void> durable = PendingAppends.DURABLE;
        boolean waits = group > 0 || !pending.isEmpty();
        try {
            if (waits) {
                durable = pending.add(endOffset, group > 0 ? group : pending.lastGroup(), segment,
                        end);
            }
            stored.appended(batch, reserved.position, options.indexIntervalBytes(),
                    engine.nowMs());
            engine.touched(this);
            afterCount(batch.remaining(), waits);
        } catch (Throwable e) {
            AppendResult.Refused refused = quarantine(e);
            if (group == 0) {
                return refused;
            }
        }
        return new AppendResult.Stored(baseOffset, endOffset - 1, durable);
    }

    private void afterCount(int bytes, boolean waits) {
        if (isJournaled()) {
            if (stored.active().isWriteBackDue()) {
                engine.writeBack(stored.active());
            }
            return;
        }
        if (options.durability() == Durability.OS) {
            engine.appendedUnjournaled(bytes);
        }
        if (!waits) {
            show(LogView.atEnd(stored));
            tellListeners();
        }
    }

    /**
     * Quarantines the log: its own code has failed, so its state is in doubt, or its files cannot
     * be written. It refuses appends and its state stays as it is until the log is reopened, which
     * rebuilds the state from durable records. Reads continue.
     */
    AppendResult.Refused quarantine(Throwable cause) {
        FailStop.check(cause);
        AppendResult.Refused before = dead;
        if (before != null) {
            LOG.error("LOG-005 {} failed again; it takes no appends: {}", stored.id(),
                    before.detail(), cause);
            return before;
        }
        LOG.error("LOG-005 {} is quarantined: it takes no appends until it is reopened, reads go"
                + " on; 'taffrail log reopen' or a restart reopens it", stored.id(), cause);
        return quarantined(cause);
    }

    private AppendResult.Refused quarantined(Throwable cause) {
        AppendResult.Refused refused = new AppendResult.Refused(Refusal.STORAGE_FAILED,
                stored.id() + " is quarantined: " + cause);
        dead = refused;
        quarantined = true;
        engine.quarantined(stored.id(), refused.detail());
        return refused;
    }

    /** True if the log is quarantined. Any thread. */
    boolean isQuarantined() {
        return quarantined;
    }

    /** Discards reservations that were not published, and an empty segment begun for them. */
    void clearReservation() {
        boolean left = stored.hasSegments() && reservedPosition > stored.active().sizeBytes();
        if (stored.hasSegments() && stored.active().baseOffset() > stored.nextOffset()) {
            stored.unroll();
            show(view().withSegments(stored.segments()));
        }
        reservedOffset = stored.nextOffset();
        reservedPosition = stored.hasSegments() ? stored.active().sizeBytes() : 0;
        if (left) {
            cleared(stored::leftBehind);
        }
    }

    /**
     * Removes refused batches from the file, because a start must not find them. If that fails,
     * the log is quarantined.
     */
    private void cleared(Clearing clearing) {
        try {
            clearing.clear();
        } catch (IOException e) {
            var _ = storageRefused(e);
        }
    }

    private interface Clearing {
        void clear() throws IOException;
    }

    AppendResult.Refused storageRefused(IOException e) {
        clearReservation();
        if (DiskFull.causedBy(e)) {
            engine.admission().diskFullAt(stored.id(), e);
            return new AppendResult.Refused(Refusal.DISK_FULL, "disk full: " + e.getMessage());
        }
        return quarantineUnwritable(e);
    }

    /**
     * Quarantines the log because a file of it could not be written. Nothing of the failed append
     * was counted in. Only a restart reopens the metadata store, so its failure is one of the
     * engine.
     */
    private AppendResult.Refused quarantineUnwritable(IOException cause) {
        AppendResult.Refused before = dead;
        if (before != null) {
            return before;
        }
        LOG.error("LOG-001 {} cannot be written and is quarantined: it takes no appends until it is"
                + " reopened, reads go on; 'taffrail log reopen' or a restart reopens it",
                stored.id(), cause);
        AppendResult.Refused refused = quarantined(cause);
        if (stored.id().equals(LocalLogEngine.META)) {
            engine.storageFailed(new LogFailedException(refused.detail(), cause));
        }
        return refused;
    }

    private void rollIfDue(ByteBuffer batch) {
        if (!stored.hasSegments()) {
            startSegment(reservedOffset);
            return;
        }
        boolean isFirstReservation = reservedOffset == stored.nextOffset();
        if (isFirstReservation && RollRule.isDue(stored.active(), reservedPosition, reservedOffset,
                batch, options)) {
            startSegment(reservedOffset);
        }
    }

    private void startSegment(long baseOffset) {
        stored.roll(baseOffset);
        reservedPosition = 0;
        show(view().withSegments(stored.segments()));
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
        try {
            advance(group);
        } catch (Throwable e) {
            var _ = quarantine(e);
        }
    }

    private void advance(long group) {
        if (stored.unsettled() != 0) {
            heldGroup = group;
            return;
        }
        List<CompletableFuture<Void>> done = new ArrayList<>(4);
        PendingAppends.Pending last = pending.take(group, done);
        if (last == null) {
            return;
        }
        FailStop.require(last.endOffset() > durableEnd(), "durable end of a log", durableEnd(),
                last.endOffset());
        show(view().withEnd(last.endOffset(), last.segment(), last.endPosition()));
        done.forEach(it -> it.complete(null));
        tellListeners();
    }

    @Override
    public void failed(Throwable cause) {
        dead = new AppendResult.Refused(Refusal.STORAGE_FAILED, String.valueOf(cause.getMessage()));
        pending.fail(
                new LogFailedException("not known to be stored: " + cause.getMessage(), cause));
    }

    private void tellListeners() {
        long end = durableEnd();
        for (DurableEndListener listener : listeners.toArray(DurableEndListener[]::new)) {
            Guard.run("LOG-006", "a listener of " + stored.id(), () -> listener.advanced(end));
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
        LocalLogEngine.checkChange(before, newOptions.durability());
        options = newOptions;
        if (before != newOptions.durability()) {
            cleared(stored::prepareForScan);
            // Until the journal has recorded the change, appends go through the journal.
            stored.changeBegins();
            var _ = engine.changeDurability(this, newOptions.durability())
                    .thenRunAsync(stored::changeRecorded, owner);
        }
    }

    /**
     * A checkpoint has covered the durability change numbered {@code change}: appends of it may now
     * become durable. Owner's thread only.
     */
    void settled(int change) {
        stored.settled(change);
        if (stored.unsettled() == 0 && heldGroup > 0) {
            durable(heldGroup);
        }
    }

    /**
     * Abandons a durability change that no checkpoint covered before the log was quarantined.
     * Readers see the records that the journal has; pending appends fail, because their
     * outcome is unknown.
     */
    void giveUpUnsettled() {
        if (stored.unsettled() != 0 && heldGroup > 0) {
            List<CompletableFuture<Void>> given = new ArrayList<>();
            PendingAppends.Pending last = pending.take(heldGroup, given);
            if (last != null) {
                show(view().withEnd(last.endOffset(), last.segment(), last.endPosition()));
            }
            LogFailedException unknown = new LogFailedException(
                    "not known to be stored: " + stored.id() + " was quarantined");
            given.forEach(it -> it.completeExceptionally(unknown));
        }
    }

    @Override
    public void trimTo(long offset) {
        assert owner.isCurrent();
        if (offset < startOffset() || offset > durableEnd()) {
            throw new IllegalArgumentException(
                    "offset " + offset + " is not between " + startOffset() + " and "
                            + durableEnd());
        }
        if (offset > startOffset() && !quarantined && !fenced) {
            dropBelow(offset);
        }
    }

    private void dropBelow(long offset) {
        List<Segment> dropped = stored.trimTo(offset);
        pending.shift(dropped.size());
        show(view().withStart(stored.segments(), stored.startOffset(), dropped.size()));
        engine.touched(this);
        engine.removal().trimmed(stored, dropped);
    }

    /**
     * Replaces the segments that begin in {@code [from, to)} with compacted ones. The old files are
     * deleted once the journal has recorded the replacement.
     *
     * @return false if the segments were dropped meanwhile, or if the log is
     *         deleted, quarantined or opened again
     */
    boolean replace(long from, long to, List<Segment> fresh, long cleanedTo) {
        assert owner.isCurrent();
        if (quarantined || fenced) {
            return false;
        }
        List<Segment> old = stored.replace(from, to, fresh, cleanedTo);
        if (old.isEmpty() || deleted) {
            return false;
        }
        int fewer = old.size() - fresh.size();
        pending.shift(fewer);
        show(view().withReplaced(stored.segments()));
        engine.touched(this);
        engine.removal().replaced(stored, from, to, fresh, old);
        return true;
    }

    @Override
    public void roll() {
        assert owner.isCurrent();
        if (!quarantined && !fenced && stored.hasSegments() && stored.active().sizeBytes() > 0) {
            startSegment(stored.nextOffset());
            engine.touched(this);
        }
    }

    @Override
    public CompletableFuture<Long> erase(OffsetSet gone) {
        assert owner.isCurrent();
        return deleted || quarantined || fenced
                ? CompletableFuture.completedFuture(0L)
                : engine.erasure().erase(this, gone);
    }

    @Override
    public int maintain(long nowMs) {
        assert owner.isCurrent();
        if (quarantined || fenced) {
            return 0;
        }
        stored.state().expireProducers(nowMs - options.producerExpiry().toMillis());
        int before = stored.segments().length;
        if (options.deleteRetained() && before > 0) {
            long keepFrom = Retention.firstOffsetKept(view(), options, nowMs);
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
     * Fences this handle, because a newer lease has been acquired. The handle refuses appends
     * and changes of its segments; its earlier appends are not withdrawn. Owner's thread only.
     *
     * @param drained
     *            completes when the earlier appends are durable or have failed
     */
    void fence(CompletableFuture<StoredLog> drained) {
        fenced = true;
        if (!quarantined) {
            dead = new AppendResult.Refused(Refusal.WRITER_FENCED,
                    "a newer lease owns " + stored.id());
        }
        var _ = pending.durableAt(stored.nextOffset() - 1)
                .whenComplete((none, failed) -> drained.complete(stored));
    }

    /** True if the log was deleted. Any thread. */
    boolean isDeleted() {
        return deleted;
    }

    /**
     * Marks the log as deleted. Its pending appends have the outcome of their journal groups:
     * a commit that includes this log must not fail for the others. Only appends that wait for a
     * checkpoint fail, because no checkpoint covers a deleted log. Owner's thread only.
     */
    void delete() {
        String detail = stored.id() + " was deleted";
        deleted = true;
        if (quarantined || stored.unsettled() != 0) {
            failed(new LogFailedException(detail));
        }
        quarantined = false;
        dead = new AppendResult.Refused(Refusal.CLOSED, detail);
    }
}
