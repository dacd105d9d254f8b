package io.taffrail.testkit.embedded;

import io.taffrail.broker.schedule.TimeSource;
import io.taffrail.log.spi.Registration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/** The test's clock as the time source of a broker; each start of a broker has its own. */
final class JumpingTime implements TimeSource {

    private final InstantSource clock;
    private final LongSupplier nanoTime;
    /** In the order of registration; guarded by itself. */
    private final Set<Listener> listeners = new LinkedHashSet<>();

    JumpingTime(InstantSource clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /**
     * Tells all listeners that the clock has jumped, in the order of their registration, even if
     * one of them throws.
     */
    void jumped() {
        List<Listener> told;
        synchronized (listeners) {
            told = List.copyOf(listeners);
        }
        RuntimeException failed = null;
        for (Listener listener : told) {
            try {
                listener.task().run();
            } catch (RuntimeException e) {
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    @Override
    public Instant instant() {
        return clock.instant();
    }

    @Override
    public long nanoTime() {
        return nanoTime.getAsLong();
    }

    @Override
    public boolean jumps() {
        return true;
    }

    @Override
    public Registration onJump(Runnable task) {
        Listener listener = new Listener(task);
        synchronized (listeners) {
            listeners.add(listener);
        }
        return () -> {
            synchronized (listeners) {
                listeners.remove(listener);
            }
        };
    }

    /** Compared by identity, unlike its task. */
    private static final class Listener {

        private final Runnable task;

        Listener(Runnable task) {
            this.task = task;
        }

        Runnable task() {
            return task;
        }
    }
}
