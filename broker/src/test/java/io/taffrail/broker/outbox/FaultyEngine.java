package io.taffrail.broker.outbox;

import io.taffrail.log.AppendResult;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.Refusal;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.MetaStore;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.WritableLog;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** An engine that refuses commits a test picks. */
public final class FaultyEngine implements LogEngine {

    private final LogEngine real;
    private final Map<String, WritableLog> opened = new ConcurrentHashMap<>();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile Predicate<Set<String>> refuses = _ -> false;
    private volatile Predicate<Set<String>> throwsAt = _ -> false;
    private volatile boolean throwsStored;
    private volatile Refusal reason = Refusal.OVERLOADED;

    public FaultyEngine(LogEngine real) {
        this.real = real;
    }

    /** From now on refuses commits to logs of which this holds. */
    void refuse(Refusal why, Predicate<Set<String>> logs) {
        reason = why;
        refuses = logs;
    }

    /** Refuses the next {@code count} commits to logs of which this holds. */
    public void refuse(Refusal why, int count, Predicate<Set<String>> logs) {
        AtomicInteger left = new AtomicInteger(count);
        refuse(why, names -> logs.test(names) && left.getAndDecrement() > 0);
    }

    /** The next commit to logs of which this holds throws, before or after it was stored. */
    void throwOnce(boolean stored, Predicate<Set<String>> logs) {
        throwsStored = stored;
        throwsAt = logs;
    }

    void refuseNothing() {
        refuses = _ -> false;
    }

    /** Logs opened whose names begin like this. */
    List<WritableLog> logs(String prefix) {
        return opened.entrySet().stream().filter(it -> it.getKey().startsWith(prefix))
                .map(Map.Entry::getValue).toList();
    }

    /** Commits refused so far. */
    public int refused() {
        return refused.get();
    }

    @Override
    public CommitResult commit(List<LogAppend> appends) {
        Set<String> names = new HashSet<>();
        appends.forEach(it -> names.add(it.log().id().value()));
        if (throwsAt.test(names)) {
            throwsAt = _ -> false;
            if (throwsStored) {
                var _ = real.commit(appends);
            }
            throw new IllegalStateException("a bug, as told");
        }
        if (refuses.test(names)) {
            refused.incrementAndGet();
            return new CommitResult.Refused(0, new AppendResult.Refused(reason, "as told"));
        }
        return real.commit(appends);
    }

    @Override
    public Set<Capability> capabilities() {
        return real.capabilities();
    }

    @Override
    public MetaStore metaStore() {
        return real.metaStore();
    }

    @Override
    public Set<LogId> logs() {
        return real.logs();
    }

    @Override
    public CompletableFuture<WritableLog> openForWrite(LogId id, Lease lease, LogOptions options,
            Owner owner) {
        return real.openForWrite(id, lease, options, owner).thenApply(log -> {
            opened.put(id.value(), log);
            return log;
        });
    }

    @Override
    public CompletableFuture<Void> delete(LogId id) {
        return real.delete(id);
    }

    @Override
    public long unforcedBytes() {
        return real.unforcedBytes();
    }

    @Override
    public Map<LogId, String> quarantined() {
        return real.quarantined();
    }

    @Override
    public List<String> close(Duration deadline) {
        return real.close(deadline);
    }
}
