package io.taffrail.kafka.groups;

import io.taffrail.broker.schedule.TimeSource;
import io.taffrail.log.guard.FailStop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limit on the memory that clients may fill with groups, members and offsets. The bytes that a
 * request may add are counted when it arrives. The coordinator does not report the bytes that are
 * freed by leaving members, expired offsets and refused requests. When the count reaches the limit,
 * the state is therefore measured, once for all requests that arrive meanwhile, and the count
 * restarts from the result. If the measured state is at the limit, a request is admitted only if it
 * adds nothing to the state of its group, so existing members can still send heartbeats and commit.
 * Safe for any thread.
 */
final class GroupSpace {

    private static final Logger LOG = LoggerFactory.getLogger(GroupSpace.class);

    private static final int PARTS_OF_HEAP = 8;
    private static final int NOT_SAID_AGAIN_MINUTES = 1;

    private final long limitBytes;
    private final TimeSource time;
    private final AtomicLong countedBytes = new AtomicLong();
    /** Guarded by this, like the fields below. */
    private long addedBytes;
    private @Nullable CompletableFuture<?> measuring;
    private boolean known;
    private long saidNs;

    /**
     * @param limitBytes
     *            maximum memory that clients may fill
     */
    GroupSpace(long limitBytes, TimeSource time) {
        this.limitBytes = limitBytes;
        this.time = time;
        this.saidNs = time.nanoTime() - TimeUnit.MINUTES.toNanos(NOT_SAID_AGAIN_MINUTES);
    }

    /** Creates a limit of an eighth of the heap. */
    static GroupSpace ofHeap(TimeSource time) {
        return new GroupSpace(Runtime.getRuntime().maxMemory() / PARTS_OF_HEAP, time);
    }

    /**
     * Marks the count as invalid, for example after groups were loaded, so the state is measured
     * again.
     */
    synchronized void unknown() {
        known = false;
    }

    long limitBytes() {
        return limitBytes;
    }

    /** Bytes counted so far; an upper estimate. */
    long countedBytes() {
        return countedBytes.get();
    }

    /**
     * Decides whether a request that may add {@code bytes} is handled; completes with true if it
     * is.
     *
     * @param measure
     *            measures the memory of all state, in bytes
     * @param held
     *            computes the memory of the state that the request would replace, in bytes
     */
    CompletableFuture<Boolean> admit(long bytes, Supplier<CompletableFuture<Long>> measure,
            Supplier<CompletableFuture<Long>> held) {
        if (add(bytes)) {
            return CompletableFuture.completedFuture(true);
        }
        return measured(measure).thenCompose(_ -> {
            if (add(bytes)) {
                return CompletableFuture.completedFuture(true);
            }
            return isKnown()
                    ? held.get().thenApply(present -> present >= bytes || refused())
                    : admit(bytes, measure, held);
        });
    }

    private synchronized boolean isKnown() {
        return known;
    }

    private synchronized boolean add(long bytes) {
        if (!known || countedBytes.get() + bytes > limitBytes) {
            return false;
        }
        countedBytes.addAndGet(bytes);
        addedBytes += bytes;
        return true;
    }

    private synchronized CompletableFuture<?> measured(Supplier<CompletableFuture<Long>> measure) {
        if (measuring != null) {
            return measuring;
        }
        long addedBefore = addedBytes;
        known = true;
        CompletableFuture<?> begun = measure.get()
                .whenComplete((bytes, failure) -> take(bytes, failure, addedBefore))
                .exceptionally(_ -> 0L);
        measuring = begun.isDone() ? null : begun;
        return begun;
    }

    private synchronized void take(@Nullable Long bytes, @Nullable Throwable failure,
            long addedBefore) {
        measuring = null;
        if (bytes != null) {
            countedBytes.set(bytes + addedBytes - addedBefore);
        } else if (failure != null) {
            FailStop.check(failure);
            LOG.debug("groups could not be measured", failure);
        }
    }

    private synchronized boolean refused() {
        long nowNs = time.nanoTime();
        if (nowNs - saidNs >= TimeUnit.MINUTES.toNanos(NOT_SAID_AGAIN_MINUTES)) {
            saidNs = nowNs;
            LOG.warn("KAF-011 groups and their offsets take {} of the {} bytes they may;"
                    + " requests that would add to them are answered with"
                    + " COORDINATOR_NOT_AVAILABLE", countedBytes, limitBytes);
        }
        return false;
    }
}
