package io.taffrail.log.memory;

import io.taffrail.log.AppendResult;
import io.taffrail.log.Durability;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.Refusal;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.MetaStore;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.WritableLog;
import io.taffrail.log.state.CommitCheck;
import io.taffrail.log.state.Verdict;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Logs in memory. An append is durable as soon as its owner runs the task that says so: at once
 * with
 * {@link Owner#direct}, after the current task on an event loop. {@link #restart} gives a new
 * engine
 * with what a crash at that moment would have left.
 *
 * <p>
 * The engine's lock is taken before a log's, never after.
 */
public final class MemoryLogEngine implements LogEngine {

    private record Waiting(MemoryLog log, MemoryLog.Pending pending) {}

    private final InstantSource clock;
    private final MemoryMetaStore metaStore;
    private final Map<LogId, StoredLog> logs = new HashMap<>();
    private final Map<LogId, MemoryLog> writers = new HashMap<>();
    private final Map<LogId, Durability> durabilities = new HashMap<>();
    private final Map<LogId, String> quarantined = new HashMap<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private @Nullable Refusal nextFailure;
    private boolean holding;
    private boolean closed;

    public MemoryLogEngine(InstantSource clock) {
        this(clock, new MemoryMetaStore());
    }

    private MemoryLogEngine(InstantSource clock, MemoryMetaStore metaStore) {
        this.clock = clock;
        this.metaStore = metaStore;
    }

    /**
     * From now on appends are stored and stay short of durable, as on a disk that does not answer.
     */
    public synchronized void holdDurability() {
        holding = true;
    }

    /** Makes durable what was held, with one step for each log, and goes on without holding. */
    public synchronized void releaseDurability() {
        holding = false;
        List<Waiting> released = List.copyOf(waiting);
        waiting.clear();
        advance(released);
    }

    /**
     * The next append or commit, of whatever log, is refused for this reason; after
     * {@link Refusal#STORAGE_FAILED} its handle is dead.
     */
    public synchronized void failNextAppend(Refusal reason) {
        nextFailure = reason;
    }

    /**
     * From now on reads of the log meet damage at offsets from {@code from} to {@code to}
     * (exclusive), as where a sector of a disk went bad; one range for each log.
     */
    public synchronized void damage(LogId id, long from, long to) {
        StoredLog stored = logs.get(id);
        if (stored == null) {
            throw new IllegalArgumentException("no log " + id);
        }
        stored.damage(from, to);
    }

    /**
     * A new engine with what was durable here, and this one dead as after a crash: its pending
     * appends never complete. After {@link #close} that is everything. Logs of
     * {@link Durability#MEMORY} come back empty.
     */
    public synchronized MemoryLogEngine restart() {
        writers.values().forEach(log -> log.end(Refusal.CLOSED));
        waiting.clear();
        closed = true;
        MemoryLogEngine next = new MemoryLogEngine(clock, metaStore.copy());
        logs.forEach((id, log) -> next.logs.put(id,
                durabilities.get(id) == Durability.MEMORY ? new StoredLog(id) : log.copyDurable()));
        next.durabilities.putAll(durabilities);
        return next;
    }

    long nowMs() {
        return clock.millis();
    }

    @Override
    public synchronized Optional<String> failure() {
        return closed ? Optional.of("the engine is closed") : Optional.empty();
    }

    synchronized Optional<Refusal> takeFailure() {
        Optional<Refusal> failure = Optional.ofNullable(nextFailure);
        nextFailure = null;
        return failure;
    }

    /** Hands over to the owner under the lock, so that owners get their steps in order. */
    synchronized void force(MemoryLog log, MemoryLog.Pending pending) {
        if (holding) {
            waiting.add(new Waiting(log, pending));
        } else {
            log.owner().execute(() -> log.advance(List.of(pending)));
        }
    }

    /** Makes durable what is held of one log. */
    synchronized void forcePending(MemoryLog log) {
        List<Waiting> ofLog = new ArrayList<>();
        waiting.removeIf(each -> each.log() == log && ofLog.add(each));
        advance(ofLog);
    }

    private static void advance(List<Waiting> released) {
        Map<MemoryLog, List<MemoryLog.Pending>> byLog = new LinkedHashMap<>();
        for (Waiting each : released) {
            byLog.computeIfAbsent(each.log(), log -> new ArrayList<>()).add(each.pending());
        }
        byLog.forEach((log, group) -> log.owner().execute(() -> log.advance(group)));
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.ATOMIC_COMMIT);
    }

    @Override
    public MetaStore metaStore() {
        return metaStore;
    }

    @Override
    public synchronized Set<LogId> logs() {
        return new TreeSet<>(logs.keySet());
    }

    @Override
    public synchronized CompletableFuture<WritableLog> openForWrite(LogId id, Lease lease,
            LogOptions options, Owner owner) {
        if (closed) {
            return failed("the engine is closed");
        }
        StoredLog stored = logs.computeIfAbsent(id, StoredLog::new);
        if (lease.epoch() < stored.epoch()) {
            return failed("log " + id + " has a writer of epoch " + stored.epoch()
                    + ", newer than " + lease.epoch());
        }
        MemoryLog before = writers.get(id);
        if (before != null) {
            forcePending(before);
            before.end(Refusal.WRITER_FENCED);
        }
        MemoryLog log = new MemoryLog(this, stored, lease, options, owner);
        writers.put(id, log);
        quarantined.remove(id);
        durabilities.put(id, options.durability());
        stored.beginEpoch(lease.epoch());
        return CompletableFuture.completedFuture(log);
    }

    private static CompletableFuture<WritableLog> failed(String why) {
        return CompletableFuture.failedFuture(new LogFailedException(why));
    }

    @Override
    public synchronized Map<LogId, String> quarantined() {
        return Map.copyOf(quarantined);
    }

    /**
     * The log's handle is dead, as after a failure of the log's own code; what it appended becomes
     * durable.
     */
    public void quarantine(LogId id, String reason) {
        MemoryLog writer;
        synchronized (this) {
            writer = writers.get(id);
            if (writer == null) {
                throw new IllegalArgumentException(id + " is not open");
            }
            quarantined.put(id, reason);
            writer.end(Refusal.STORAGE_FAILED);
        }
    }

    @Override
    public CommitResult commit(List<LogAppend> appends) {
        List<Verdict> verdicts = new ArrayList<>();
        Map<MemoryLog, Trial> trials = new HashMap<>();
        for (int index = 0; index < appends.size(); index++) {
            ByteBuffer batch = appends.get(index).batch();
            MemoryLog log = handle(appends, index);
            Verdict verdict = trials.computeIfAbsent(log, Trial::new).check(batch);
            if (verdict instanceof Verdict.Refuse(Refusal reason, String detail)) {
                if (reason == Refusal.DISK_FULL || reason == Refusal.OVERLOADED) {
                    appends.forEach(it -> ((MemoryLog) it.log()).refused(it.batch()));
                }
                return new CommitResult.Refused(index, new AppendResult.Refused(reason, detail));
            }
            verdicts.add(verdict);
        }
        return store(appends, verdicts);
    }

    private static CommitResult store(List<LogAppend> appends, List<Verdict> verdicts) {
        List<AppendResult> results = new ArrayList<>();
        List<CompletableFuture<Void>> durable = new ArrayList<>();
        for (int index = 0; index < appends.size(); index++) {
            MemoryLog log = handle(appends, index);
            if (verdicts.get(index) instanceof Verdict.Duplicate verdict) {
                AppendResult.Duplicate duplicate = log.duplicate(verdict);
                durable.add(duplicate.durable());
                results.add(duplicate);
            } else {
                AppendResult.Stored stored = log.store(appends.get(index).batch());
                durable.add(stored.durable());
                results.add(stored);
            }
        }
        return new CommitResult.Committed(results,
                CompletableFuture.allOf(durable.toArray(CompletableFuture[]::new)));
    }

    /** Checks the batches of one commit for one log, and stamps those that will be stored. */
    private static final class Trial {

        private final MemoryLog log;
        private final CommitCheck state;
        private long nextOffset;

        Trial(MemoryLog log) {
            this.log = log;
            this.state = log.stored().state().checkCommit();
            this.nextOffset = log.nextOffset();
        }

        Verdict check(ByteBuffer batch) {
            Verdict.Refuse refused = log.refusal(batch);
            Verdict verdict = refused != null ? refused : state.check(batch, batch.position());
            if (verdict instanceof Verdict.Accept) {
                log.stamp(batch, nextOffset);
                state.accepted(batch, batch.position());
                nextOffset = BatchHeader.lastOffset(batch, batch.position()) + 1;
            }
            return verdict;
        }
    }

    private static MemoryLog handle(List<LogAppend> appends, int index) {
        return (MemoryLog) appends.get(index).log();
    }

    @Override
    public CompletableFuture<Void> delete(LogId id) {
        MemoryLog writer;
        synchronized (this) {
            StoredLog stored = logs.remove(id);
            if (stored != null) {
                stored.markDeleted();
            }
            durabilities.remove(id);
            quarantined.remove(id);
            writer = writers.remove(id);
            if (writer != null) {
                writer.end(Refusal.CLOSED);
            }
        }
        if (writer != null) {
            forcePending(writer);
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public synchronized long unforcedBytes() {
        return waiting.stream().mapToLong(each -> each.pending().sizeBytes()).sum();
    }

    @Override
    public List<String> close(Duration deadline) {
        releaseDurability();
        synchronized (this) {
            closed = true;
            writers.values().forEach(log -> log.end(Refusal.CLOSED));
        }
        return List.of();
    }
}
