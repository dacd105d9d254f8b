package io.taffrail.broker.schedule;

import io.taffrail.log.spi.Owner;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Timers of any number of owners on one thread, which only wakes the owners. */
public final class ThreadTimers implements AutoCloseable {

    private final ScheduledThreadPoolExecutor thread;

    public ThreadTimers() {
        thread = new ScheduledThreadPoolExecutor(1,
                Thread.ofPlatform().daemon().name("taffrail-timers").factory(),
                new ThreadPoolExecutor.DiscardPolicy());
        thread.setRemoveOnCancelPolicy(true);
    }

    /** The timers of one owner. */
    public Timers of(Owner owner) {
        return new Waking(owner).timers;
    }

    /** Nothing runs any more, what is armed later neither. */
    @Override
    public void close() {
        thread.shutdownNow();
    }

    /** An owner, and the one task that stands for its timers. Owner thread only. */
    private final class Waking implements OwnerTimers.Alarm {

        private final Owner owner;
        private final OwnerTimers timers = new OwnerTimers(System::nanoTime, this);
        private @Nullable Future<?> waiting;

        Waking(Owner owner) {
            this.owner = owner;
        }

        @Override
        public void after(long delayNs) {
            if (waiting != null) {
                waiting.cancel(false);
            }
            waiting = thread.schedule(() -> owner.execute(timers::ring), delayNs,
                    TimeUnit.NANOSECONDS);
        }
    }
}
