package io.taffrail.cli.server;

import io.taffrail.broker.Broker;
import io.taffrail.log.local.LocalLogEngine;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.MetaStore;
import io.taffrail.net.EventLoops;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Waits until a broker has completed the work that became due by a change of its clock. A step
 * of such work is a task of an owner thread, a write that becomes durable, or an event of the group
 * coordinator; each can cause the next. A round waits for all steps begun before it. The broker
 * is idle when several rounds in a row saw no owner tasks except their own.
 */
final class Quiescence {

    /** Key whose update is written after everything that was appended before. */
    private static final String BARRIER = "settling";
    private static final int QUIET_ROUNDS = 3;
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private final LogEngine engine;
    private final Broker broker;
    private final EventLoops loops;
    private final Supplier<CompletableFuture<?>> groups;

    /**
     * @param groups
     *            returns a future that completes when the group coordinator has processed
     *            its earlier events
     */
    Quiescence(LogEngine engine, Broker broker, EventLoops loops,
            Supplier<CompletableFuture<?>> groups) {
        this.engine = engine;
        this.broker = broker;
        this.loops = loops;
        this.groups = groups;
    }

    /**
     * Applies retention and compaction for the current time, and waits until the broker is idle.
     *
     * @throws IllegalStateException
     *             if the broker is still busy after 20 seconds
     */
    void await() {
        long endNs = System.nanoTime() + LONGEST.toNanos();
        within(endNs, broker.applyRetention());
        if (engine instanceof LocalLogEngine local) {
            local.compact();
        }
        int quiet = 0;
        while (quiet < QUIET_ROUNDS) {
            long before = loops.tasks();
            within(endNs, groups.get());
            within(endNs, write());
            CompletableFuture<?>[] ended = loops.owners().stream()
                    .map(owner -> CompletableFuture.runAsync(() -> {}, owner))
                    .toArray(CompletableFuture[]::new);
            within(endNs, CompletableFuture.allOf(ended));
            quiet = loops.tasks() - before == ended.length ? quiet + 1 : 0;
        }
    }

    private CompletableFuture<Boolean> write() {
        MetaStore store = engine.metaStore();
        long version = store.get(BARRIER).map(MetaStore.Versioned::version).orElse(0L);
        return store.apply(List.of(new MetaStore.Change.Put(BARRIER, version, new byte[0])));
    }

    private static void within(long endNs, CompletableFuture<?> future) {
        try {
            future.get(Math.max(0, endNs - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the broker is still busy after " + LONGEST, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the broker failed at what was due", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the broker was busy", e);
        }
    }
}
