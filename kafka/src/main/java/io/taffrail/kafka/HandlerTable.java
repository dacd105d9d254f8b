package io.taffrail.kafka;

import io.taffrail.kafka.api.Handler;
import io.taffrail.kafka.api.PipelinedHandler;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * Table of the handlers by request; ApiVersions advertises exactly these requests. Filled at start
 * and read-only afterwards, so any thread may read it.
 */
public final class HandlerTable {

    private final Map<ApiKeys, Handler<?>> handlers = new EnumMap<>(ApiKeys.class);
    private final Map<ApiKeys, PipelinedHandler<?>> pipelined = new EnumMap<>(ApiKeys.class);

    /**
     * Adds a handler.
     *
     * @throws IllegalStateException
     *             if its request already has a handler
     */
    public HandlerTable add(Handler<?> handler) {
        requireFree(handler.key());
        handlers.put(handler.key(), handler);
        return this;
    }

    /** Does the same as {@link #add(Handler)}. */
    public HandlerTable add(PipelinedHandler<?> handler) {
        requireFree(handler.key());
        pipelined.put(handler.key(), handler);
        return this;
    }

    private void requireFree(ApiKeys key) {
        if (keys().contains(key)) {
            throw new IllegalStateException("two handlers of " + key);
        }
    }

    /** The exclusive handler of a request; null if it has none. */
    public @Nullable Handler<?> find(ApiKeys key) {
        return handlers.get(key);
    }

    /** The pipelined handler of a request; null if it has none. */
    public @Nullable PipelinedHandler<?> findPipelined(ApiKeys key) {
        return pipelined.get(key);
    }

    /** Whether this API key is known and has a {@link PipelinedHandler}. */
    public boolean pipelined(short apiKey) {
        return ApiKeys.hasId(apiKey) && pipelined.containsKey(ApiKeys.forId(apiKey));
    }

    /** Requests that have a handler. */
    public Set<ApiKeys> keys() {
        Set<ApiKeys> keys = EnumSet.noneOf(ApiKeys.class);
        keys.addAll(handlers.keySet());
        keys.addAll(pipelined.keySet());
        return keys;
    }
}
