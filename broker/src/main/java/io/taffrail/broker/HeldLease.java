package io.taffrail.broker;

import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.MetaStore;
import java.util.concurrent.CompletableFuture;

/**
 * The lease under which a part of the broker opens its logs. Before a failed log is reopened, the
 * lease is renewed with a higher epoch, so that appends through the new handle can be told from
 * those through the failed one. Safe for any thread.
 */
public final class HeldLease {

    private final MetaStore store;
    private volatile Lease held;

    public HeldLease(MetaStore store, Lease first) {
        this.store = store;
        this.held = first;
    }

    /**
     * The newest lease. A log that was opened under a lease must not be opened under an older one.
     */
    public Lease now() {
        return held;
    }

    /** Renews the lease; completes when that is durable. */
    public CompletableFuture<Lease> renewed() {
        return store.acquire(held.name()).thenApply(this::newer);
    }

    private synchronized Lease newer(Lease taken) {
        if (taken.epoch() > held.epoch()) {
            held = taken;
        }
        return held;
    }
}
