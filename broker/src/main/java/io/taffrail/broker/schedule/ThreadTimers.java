package io.taffrail.broker.schedule;

import io.taffrail.log.spi.Owner;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The timers of any number of owners on one thread, which only wakes the owners. After a jump of
 * time every owner checks its timers at once. Safe for any thread.
 */
public final class ThreadTimers implements AutoCloseable {

    private final TimeSource time;
    private final ScheduledThreadPoolExecutor thread;

    /** Creates timers that follow the machine's elapsed time. */
    public ThreadTimers() {
        this(TimeSource.system());
    }

    /** Creates timers that follow a time source, which may jump. */
    public ThreadTimers(TimeSource time) {
        this.time = time;
        thread = new ScheduledThreadPoolExecutor(1,
                Thread.ofPlatform().daemon().name("taffrail-timers").factory(),
                new ThreadPoolExecutor.DiscardPolicy());
        thread.setRemoveOnCancelPolicy(true);
    }

    /** The timers of one owner. */
    public Timers of(Owner owner) {
        Waking waking = new Waking(owner);
        var _ = time.onJump(waking::look);
        return waking.timers;
    }

    /** Ends all timers; those started later do not run either. */
    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** An owner with the one task that wakes it. Owner thread only. */
    private final class Waking implements OwnerTimers.Alarm {

        private final Owner owner;
        private final OwnerTimers timers = new OwnerTimers(time::nanoTime, this);
        private @Nullable Future<?> waiting;

        Waking(Owner owner) {
            this.owner = owner;
        }

        @Override
        public void after(long delayNs) {
            if (waiting != null) {
                waiting.cancel(false);
            }
            waiting = thread.schedule(this::look, delayNs, TimeUnit.NANOSECONDS);
        }

        private void look() {
            owner.execute(timers::ring);
        }
    }
}
