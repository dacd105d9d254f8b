package io.taffrail.broker;

import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.MetaStore;
import java.util.concurrent.CompletableFuture;

/**
 * The lease under which a part of the broker opens its logs. It is taken anew, with a higher epoch,
 * before a log that failed is opened again: so what is appended from then on can be told from what
 * the failed one appended. Safe for any thread.
 */
public final class HeldLease {

    private final MetaStore store;
    private volatile Lease held;

    public HeldLease(MetaStore store, Lease first) {
        this.store = store;
        this.held = first;
    }

    /** The newest one: a log that was opened under a lease is not opened under an older one. */
    public Lease now() {
        return held;
    }

    /** Takes it anew; completes when that is durable. */
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
