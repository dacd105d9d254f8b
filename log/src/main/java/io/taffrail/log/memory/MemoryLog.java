package io.taffrail.log.memory;

import io.taffrail.log.AppendResult;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.Refusal;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.AbortedTransaction;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.OffsetSet;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.Registration;
import io.taffrail.log.spi.WritableLog;
import io.taffrail.log.state.Verdict;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A writer's handle on a {@link LogContent}, with one lease and its listeners.
 * Methods that change the log run on the owner's thread.
 */
final class MemoryLog implements WritableLog {

    /**
     * An append that is not durable yet.
     *
     * @param end
     *            first offset after the append
     */
    record Pending(long end, int sizeBytes, CompletableFuture<Void> durable) {}

    private final MemoryLogEngine engine;
    private final LogContent stored;
    private final Lease lease;
    private final Owner owner;
    private final List<DurableEndListener> listeners = new ArrayList<>();
    private final Deque<Pending> pending = new ArrayDeque<>();
    private LogOptions options;

    /** The reason for refusing appends; null while they are accepted. Set once, by any thread. */
    private volatile @Nullable Refusal ended;

    MemoryLog(MemoryLogEngine engine, LogContent stored, Lease lease, LogOptions options,
            Owner owner) {
        this.engine = engine;
        this.stored = stored;
        this.lease = lease;
        this.options = options;
        this.owner = owner;
    }

    Owner owner() {
        return owner;
    }

    LogContent stored() {
        return stored;
    }

    void end(Refusal why) {
        if (ended == null) {
            ended = why;
        }
    }

    private void onOwner() {
        if (!owner.isCurrent()) {
            throw new IllegalStateException("log " + id() + " was used outside its owner's thread");
        }
    }

    @Override
    public LogOptions options() {
        return options;
    }

    @Override
    public void reconfigure(LogOptions newOptions) {
        onOwner();
        options = newOptions;
    }

    @Override
    public AppendResult append(ByteBuffer batch) {
        Verdict.Refuse refused = refusal(batch);
        return switch (refused != null
                ? refused
                : stored.state().check(batch, batch.position())) {
            case Verdict.Accept accept -> {
                stamp(batch, stored.nextOffset());
                yield store(batch);
            }
            case Verdict.Duplicate duplicate -> duplicate(duplicate);
            case Verdict.Refuse refuse ->
                new AppendResult.Refused(refuse.reason(), refuse.detail());
        };
    }

    /** Returns the reason for which this batch cannot be appended now, or null. Stores nothing. */
    Verdict.@Nullable Refuse refusal(ByteBuffer batch) {
        onOwner();
        Refusal why = ended;
        if (why != null) {
            return new Verdict.Refuse(why, "log " + id() + " refuses appends: " + why);
        }
        Optional<Refusal> asked = engine.takeFailure();
        if (asked.isPresent()) {
            if (asked.get() == Refusal.STORAGE_FAILED) {
                engine.quarantine(id(), "failure injected by the test");
            } else {
                refused(batch);
            }
            return new Verdict.Refuse(asked.get(), "failure injected by the test");
        }
        int at = batch.position();
        if (!BatchHeader.isWhole(batch, at, batch.limit())
                || BatchHeader.sizeBytes(batch, at) != batch.remaining()) {
            return new Verdict.Refuse(Refusal.CORRUPT_BATCH,
                    "the batch's length, magic or checksum is wrong");
        }
        return null;
    }

    /** Records that the batch was refused for a temporary reason. */
    void refused(ByteBuffer batch) {
        if (BatchHeader.isWhole(batch, batch.position(), batch.limit())) {
            stored.state().refused(batch, batch.position());
        }
    }

    void stamp(ByteBuffer batch, long baseOffset) {
        BatchHeader.stamp(batch, batch.position(), baseOffset, lease.epoch());
    }

    /** Stores a batch that passed the checks and is stamped with the next offset. */
    AppendResult.Stored store(ByteBuffer batch) {
        long baseOffset = stored.nextOffset();
        stored.append(batch, options, engine.nowMs());
        long end = stored.nextOffset();
        CompletableFuture<Void> durable = new CompletableFuture<>();
        pending.addLast(new Pending(end, batch.remaining(), durable));
        engine.force(this, pending.getLast());
        return new AppendResult.Stored(baseOffset, end - 1, durable);
    }

    AppendResult.Duplicate duplicate(Verdict.Duplicate verdict) {
        CompletableFuture<Void> durable = pending.stream()
                .filter(each -> each.end() > verdict.lastOffset()).findFirst()
                .map(Pending::durable).orElseGet(() -> CompletableFuture.completedFuture(null));
        return new AppendResult.Duplicate(verdict.baseOffset(), verdict.lastOffset(),
                verdict.timestampMs(), durable);
    }

    /** Marks appends as durable, completes their futures in order and calls each listener once. */
    void advance(List<Pending> group) {
        onOwner();
        if (stored.isDeleted()) {
            // A commit that includes this log must not fail for the others.
            group.forEach(each -> each.durable().complete(null));
            return;
        }
        long end = group.getLast().end();
        stored.advanceDurable(end);
        for (Pending each : group) {
            pending.remove(each);
            each.durable().complete(null);
        }
        for (DurableEndListener listener : List.copyOf(listeners)) {
            Guard.run("LOG-006", "a listener of " + id(), () -> listener.advanced(end));
        }
    }

    @Override
    public long nextOffset() {
        return stored.nextOffset();
    }

    @Override
    public Registration onDurableEnd(DurableEndListener listener) {
        onOwner();
        listeners.add(listener);
        return () -> {
            onOwner();
            listeners.remove(listener);
        };
    }

    @Override
    public void trimTo(long offset) {
        onOwner();
        stored.trimTo(offset);
    }

    @Override
    public void roll() {
        onOwner();
        stored.roll(engine.nowMs());
    }

    @Override
    public CompletableFuture<Long> erase(OffsetSet gone) {
        onOwner();
        return CompletableFuture.completedFuture(stored.erase(gone));
    }

    @Override
    public int maintain(long nowMs) {
        onOwner();
        stored.expireProducers(nowMs - options.producerExpiry().toMillis());
        return stored.retain(options, nowMs);
    }

    @Override
    public void close() {
        onOwner();
        engine.forcePending(this);
        end(Refusal.CLOSED);
    }

    @Override
    public LogId id() {
        return stored.id();
    }

    @Override
    public long startOffset() {
        return stored.startOffset();
    }

    @Override
    public long durableEnd() {
        return stored.durableEnd();
    }

    @Override
    public long lastStableOffset() {
        return Math.max(stored.startOffset(),
                stored.state().lastStableOffset(stored.durableEnd()));
    }

    @Override
    public int leaderEpoch() {
        return lease.epoch();
    }

    @Override
    public long sizeBytes() {
        return stored.sizeBytes();
    }

    @Override
    public int segmentCount() {
        return stored.segmentCount();
    }

    @Override
    public ReadResult read(long offset, long upTo, int maxBytes, boolean oneAtLeast) {
        return stored.read(offset, upTo, maxBytes, oneAtLeast);
    }

    @Override
    public Optional<TimedOffset> offsetForTime(long timestampMs) {
        return TimeLookup.firstAtOrAfter(stored.durableBatches(), stored.startOffset(),
                timestampMs);
    }

    @Override
    public Optional<TimedOffset> offsetOfMaxTimestamp() {
        return TimeLookup.firstOfLargest(stored.durableBatches(), stored.startOffset());
    }

    @Override
    public Optional<EpochEnd> endOffsetForEpoch(int epoch) {
        return stored.state().endOffsetForEpoch(epoch, stored.durableEnd());
    }

    @Override
    public List<AbortedTransaction> abortedTransactions(long from, long upTo, int most) {
        return stored.aborted(from, upTo, most);
    }

    @Override
    public List<ProducerSnapshot> producers() {
        return stored.state().producers();
    }
}
