package io.taffrail.testkit.embedded;

import io.taffrail.broker.schedule.TimeSource;
import io.taffrail.log.spi.Registration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** The test's clock as a broker's source of time. One for each start of a broker. */
final class JumpingTime implements TimeSource {

    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Set<Listener> listeners = ConcurrentHashMap.newKeySet();

    JumpingTime(InstantSource clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    /** The clock has jumped: tells what waits. */
    void jumped() {
        listeners.forEach(listener -> listener.task().run());
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
        listeners.add(listener);
        return () -> listeners.remove(listener);
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
