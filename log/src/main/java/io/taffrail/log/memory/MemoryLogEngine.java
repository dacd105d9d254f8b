package io.taffrail.log.memory;

import io.taffrail.log.AppendResult;
import io.taffrail.log.CleanerSettings;
import io.taffrail.log.Durability;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.Refusal;
import io.taffrail.log.batch.BatchHeader;
import io.taffrail.log.spi.CleanerReport;
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
 * A log engine in memory. An append becomes durable when its owner runs a task:
 * immediately with {@link Owner#direct}, after the current task on an event loop. {@link #restart}
 * returns a new engine with the content that a crash at that moment would have left.
 *
 * <p>
 * Lock order: the engine's lock before a log's lock.
 */
public final class MemoryLogEngine implements LogEngine {

    private record Waiting(MemoryLog log, MemoryLog.Pending pending) {}

    private final InstantSource clock;
    private final MemoryMetaStore metaStore;
    private final Map<LogId, LogContent> logs = new HashMap<>();
    private final Map<LogId, MemoryLog> writers = new HashMap<>();
    private final Map<LogId, Durability> durabilities = new HashMap<>();
    private final Map<LogId, String> quarantined = new HashMap<>();
    private volatile CleanerSettings cleaner = CleanerSettings.defaults();
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
     * Holds back durability from now on: appends are stored but do not become durable, as on a disk
     * that does not respond.
     */
    public synchronized void holdDurability() {
        holding = true;
    }

    /** Makes all held appends durable, in one step for each log, and stops holding. */
    public synchronized void releaseDurability() {
        holding = false;
        List<Waiting> released = List.copyOf(waiting);
        waiting.clear();
        advance(released);
    }

    /**
     * Refuses the next append or commit to any log with {@code reason}.
     * {@link Refusal#STORAGE_FAILED} also quarantines the log.
     */
    public synchronized void failNextAppend(Refusal reason) {
        nextFailure = reason;
    }

    /**
     * Damages a range of a log: from now on, reads at offsets from {@code from} to {@code to}
     * (exclusive) report damage, as for a bad sector. Each log has one damaged range;
     * a second call replaces it.
     *
     * @throws IllegalArgumentException
     *             if the log does not exist
     */
    public synchronized void damage(LogId id, long from, long to) {
        LogContent stored = logs.get(id);
        if (stored == null) {
            throw new IllegalArgumentException("no log " + id);
        }
        stored.damage(from, to);
    }

    /**
     * Simulates a crash: returns a new engine with the durable content of this one, which is dead
     * afterwards. Its pending appends never complete. After {@link #close} all content is durable.
     * Logs of {@link Durability#MEMORY} are empty in the new engine.
     */
    public synchronized MemoryLogEngine restart() {
        writers.values().forEach(log -> log.end(Refusal.CLOSED));
        waiting.clear();
        closed = true;
        MemoryLogEngine next = new MemoryLogEngine(clock, metaStore.copy());
        logs.forEach((id, log) -> next.logs.put(id,
                durabilities.get(id) == Durability.MEMORY
                        ? new LogContent(id)
                        : log.copyDurable()));
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

    /**
     * Submits the task to the owner while holding the lock, so that each owner gets
     * its tasks in order.
     */
    synchronized void force(MemoryLog log, MemoryLog.Pending pending) {
        if (holding) {
            waiting.add(new Waiting(log, pending));
        } else {
            log.owner().execute(() -> log.advance(List.of(pending)));
        }
    }

    /** Makes the held appends of one log durable. */
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
        LogContent stored = logs.computeIfAbsent(id, LogContent::new);
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

    /** Returns the settings of compaction, which has no effect on this engine. */
    @Override
    public CleanerReport cleaner() {
        return CleanerReport.of(cleaner);
    }

    @Override
    public void configure(CleanerSettings settings) {
        cleaner = settings;
    }

    @Override
    public synchronized Map<LogId, String> quarantined() {
        return Map.copyOf(quarantined);
    }

    /**
     * Quarantines an open log, as a failure of the log's own code does: its handle refuses appends,
     * and earlier appends still become durable.
     *
     * @throws IllegalArgumentException
     *             if the log is not open
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

    /** Checks the batches of one commit to one log, and stamps those that will be stored. */
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
            LogContent stored = logs.remove(id);
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
