package io.taffrail.kafka.groups;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which shards are being loaded, so that a client is sent to one only when it can answer. Safe for
 * any thread.
 */
final class ShardStates {

    private final Map<Integer, CompletableFuture<Void>> loading = new ConcurrentHashMap<>();
    private final Runnable loaded;

    /**
     * @param loaded
     *            run when a shard answers
     */
    ShardStates(Runnable loaded) {
        this.loaded = loaded;
    }

    void loading(int shard) {
        loading.computeIfAbsent(shard, _ -> new CompletableFuture<>());
    }

    /** The shard answers now, be it with errors. */
    void settled(int shard) {
        CompletableFuture<Void> waiting = loading.remove(shard);
        if (waiting != null) {
            loaded.run();
            waiting.complete(null);
        }
    }

    /** Completes when the shard is not being loaded; never fails. */
    CompletableFuture<Void> whenSettled(int shard) {
        CompletableFuture<Void> waiting = loading.get(shard);
        return waiting == null ? CompletableFuture.completedFuture(null) : waiting;
    }

    void settleAll() {
        loading.keySet().forEach(this::settled);
    }
}
