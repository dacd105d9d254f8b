package io.taffrail.broker;

import io.taffrail.log.spi.MetaStore;
import io.taffrail.log.spi.MetaStore.Change;
import io.taffrail.log.spi.MetaStore.Versioned;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A generator of producer ids that are unique over restarts. Ids are reserved in blocks of 1,000 at
 * {@code producers/next-id} (an i64); the rest of a block is not used after a stop. Safe for any
 * thread.
 */
public final class ProducerIds {

    private static final String KEY = "producers/next-id";
    private static final int BLOCK = 1000;

    private final MetaStore store;
    private final Object lock = new Object();
    private long next;
    private long end;
    private @Nullable CompletableFuture<Void> reserving;

    ProducerIds(MetaStore store) {
        this.store = store;
    }

    /** Returns a new id, at least 0; fails if the metadata store failed. */
    public CompletableFuture<Long> next() {
        CompletableFuture<Void> block;
        synchronized (lock) {
            if (next < end) {
                return CompletableFuture.completedFuture(next++);
            }
            if (reserving == null || reserving.isDone()) {
                reserving = reserve();
            }
            block = reserving;
        }
        return block.thenCompose(done -> next());
    }

    private CompletableFuture<Void> reserve() {
        Optional<Versioned> stored = store.get(KEY);
        long first = stored.map(v -> ByteBuffer.wrap(v.value()).getLong()).orElse(0L);
        byte[] value = ByteBuffer.allocate(Long.BYTES).putLong(first + BLOCK).array();
        long version = stored.map(Versioned::version).orElse(0L);
        return store.apply(List.of(new Change.Put(KEY, version, value))).thenCompose(applied -> {
            if (!applied) {
                return reserve();
            }
            synchronized (lock) {
                next = first;
                end = first + BLOCK;
            }
            return CompletableFuture.completedFuture(null);
        });
    }
}
