package io.taffrail.kafka.groups;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The shards that are being loaded. A client is sent to the coordinator only when its shard can
 * answer. Safe for any thread.
 */
final class ShardStates {

    private final Map<Integer, CompletableFuture<Void>> loading = new ConcurrentHashMap<>();
    private final Runnable loaded;

    /**
     * @param loaded
     *            run when a shard has been loaded
     */
    ShardStates(Runnable loaded) {
        this.loaded = loaded;
    }

    void loading(int shard) {
        loading.computeIfAbsent(shard, _ -> new CompletableFuture<>());
    }

    /** Marks a shard as loaded. After a failed load, the shard answers with errors. */
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
