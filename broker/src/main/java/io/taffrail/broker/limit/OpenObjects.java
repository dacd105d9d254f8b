package io.taffrail.broker.limit;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Numbers of open connections and channels by virtual host and user, compared with the limits as
 * another one is opened. Safe for any thread.
 */
public final class OpenObjects {

    private record Key(LimitKind kind, String name) {}

    private final LimitSource limits;
    private final Map<Key, Long> open = new ConcurrentHashMap<>();

    public OpenObjects(LimitSource limits) {
        this.limits = limits;
    }

    /** Counts one more, unless the limit is reached; returns that limit then. */
    public OptionalLong take(LimitKind kind, String name) {
        AtomicReference<OptionalLong> reached = new AtomicReference<>(OptionalLong.empty());
        open.compute(new Key(kind, name), (_, now) -> {
            long count = now == null ? 0 : now;
            OptionalLong limit = limits.reached(kind, name, count);
            reached.set(limit);
            return limit.isEmpty() ? Long.valueOf(count + 1) : now;
        });
        return reached.get();
    }

    /** Counts {@code number} less. */
    public void release(LimitKind kind, String name, int number) {
        open.computeIfPresent(new Key(kind, name),
                (_, now) -> now <= number ? null : now - number);
    }
}
