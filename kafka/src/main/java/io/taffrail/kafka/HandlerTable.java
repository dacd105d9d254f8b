package io.taffrail.kafka;

import io.taffrail.kafka.api.Handler;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/** The handler of each request the head answers; ApiVersions advertises exactly these. */
public final class HandlerTable {

    private final Map<ApiKeys, Handler<?>> handlers = new EnumMap<>(ApiKeys.class);

    /**
     * Adds a handler.
     *
     * @throws IllegalStateException
     *             if its request has one
     */
    public HandlerTable add(Handler<?> handler) {
        if (handlers.putIfAbsent(handler.key(), handler) != null) {
            throw new IllegalStateException("two handlers of " + handler.key());
        }
        return this;
    }

    public @Nullable Handler<?> find(ApiKeys key) {
        return handlers.get(key);
    }

    public Set<ApiKeys> keys() {
        return handlers.keySet();
    }
}
