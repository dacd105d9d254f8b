package io.taffrail.testkit.embedded;

import io.taffrail.broker.schedule.TimeSource;
import io.taffrail.log.spi.Registration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/** The test's clock as a broker's source of time. One for each start of a broker. */
final class JumpingTime implements TimeSource {

    private final InstantSource clock;
    private final LongSupplier nanoTime;
    /** In the order in which they came; guarded by itself. */
    private final Set<Listener> listeners = new LinkedHashSet<>();

    JumpingTime(InstantSource clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /**
     * The clock has jumped: tells what waits, in the order in which it began to, all of it even
     * where a listener throws.
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

    /** Of identity, unlike the task. */
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
