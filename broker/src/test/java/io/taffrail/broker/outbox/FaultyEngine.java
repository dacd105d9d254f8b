package io.taffrail.broker.outbox;

import io.taffrail.log.AppendResult;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.Refusal;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.MetaStore;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.ReadResult;
import io.taffrail.log.spi.WritableLog;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** An engine that refuses commits and fails reads of outboxes, as a test demands. */
public final class FaultyEngine implements LogEngine {

    /** The log of an outbox with failing reads. */
    private record Outbox(WritableLog inner, FaultyEngine engine) implements InvocationHandler {

        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object[] arguments)
                throws Throwable {
            if (method.getName().equals("readVerified")) {
                Optional<ReadResult> answer = engine.reads.apply((Long) arguments[0]);
                if (answer.isPresent()) {
                    return answer.get();
                }
            }
            try {
                return method.invoke(inner, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        }
    }

    private final LogEngine real;
    private final Map<String, WritableLog> opened = new ConcurrentHashMap<>();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile Predicate<Set<String>> refuses = _ -> false;
    private volatile Predicate<Set<String>> culprits = _ -> false;
    private volatile Predicate<Set<String>> throwsAt = _ -> false;
    private volatile boolean throwsStored;
    private volatile Refusal reason = Refusal.OVERLOADED;
    private volatile LongFunction<Optional<ReadResult>> reads = _ -> Optional.empty();

    public FaultyEngine(LogEngine real) {
        this.real = real;
    }

    /** Refuses commits to logs that match, from now on. */
    void refuse(Refusal why, Predicate<Set<String>> logs) {
        reason = why;
        culprits = logs;
        refuses = logs;
    }

    /** Refuses the next {@code count} commits to logs that match. */
    public void refuse(Refusal why, int count, Predicate<Set<String>> logs) {
        AtomicInteger left = new AtomicInteger(count);
        reason = why;
        culprits = logs;
        refuses = names -> logs.test(names) && left.getAndDecrement() > 0;
    }

    /** Throws from the next commit to logs that match, before or after it is stored. */
    void throwOnce(boolean stored, Predicate<Set<String>> logs) {
        throwsStored = stored;
        throwsAt = logs;
    }

    void refuseNothing() {
        refuses = _ -> false;
    }

    /** Open logs whose names begin with the prefix. */
    List<WritableLog> logs(String prefix) {
        return opened.entrySet().stream().filter(it -> it.getKey().startsWith(prefix))
                .map(Map.Entry::getValue).toList();
    }

    /** Number of commits refused so far. */
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
            return new CommitResult.Refused(culprit(appends),
                    new AppendResult.Refused(reason, "as told"));
        }
        return real.commit(appends.stream()
                .map(it -> new LogAppend(unwrapped(it.log()), it.batch())).toList());
    }

    /** Index of the first log that is refused on its own, else 0. */
    private int culprit(List<LogAppend> appends) {
        for (int index = 0; index < appends.size(); index++) {
            if (culprits.test(Set.of(appends.get(index).log().id().value()))) {
                return index;
            }
        }
        return 0;
    }

    /** Answers reads of outboxes from now on, where {@code answers} has an answer. */
    void answerReads(LongFunction<Optional<ReadResult>> answers) {
        reads = answers;
    }

    private WritableLog wrapped(WritableLog log) {
        if (!log.id().value().startsWith("@outbox-")) {
            return log;
        }
        return (WritableLog) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[]{WritableLog.class}, new Outbox(log, this));
    }

    private static WritableLog unwrapped(WritableLog log) {
        return Proxy.isProxyClass(log.getClass())
                && Proxy.getInvocationHandler(log) instanceof Outbox(WritableLog inner, _)
                        ? inner
                        : log;
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
        return real.openForWrite(id, lease, options, owner).thenApply(opening -> {
            WritableLog log = wrapped(opening);
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
