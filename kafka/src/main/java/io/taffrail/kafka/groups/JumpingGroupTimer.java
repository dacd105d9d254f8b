package io.taffrail.kafka.groups;

import io.taffrail.broker.schedule.ThreadOwner;
import io.taffrail.broker.schedule.ThreadTimers;
import io.taffrail.broker.schedule.TimeSource;
import io.taffrail.broker.schedule.Timers;
import io.taffrail.log.spi.Registration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.server.util.timer.TimerTask;
import org.apache.kafka.server.util.timer.TimerTaskEntry;

/**
 * Kafka's timers over a clock that can jump, as in tests. Kafka's own wheel reads the machine's
 * clock. A cancelled timer stays in memory until its time has come.
 */
final class JumpingGroupTimer implements GroupThreads.GroupTimers {

    private final TimeSource time;
    private final ThreadOwner thread = new ThreadOwner("group-timer");
    private final ThreadTimers alarms;
    private final Timers timers;
    private final Registration jumps;
    private final AtomicInteger size = new AtomicInteger();

    JumpingGroupTimer(TimeSource time) {
        this.time = time;
        this.alarms = new ThreadTimers(time);
        this.timers = alarms.of(thread);
        // Listeners are called in the order in which they were added, so the timers run before this
        // one.
        this.jumps = time.onJump(this::awaitIdle);
    }

    @Override
    public void add(TimerTask task) {
        long delayMs = Math.max(0, task.delayMs);
        TimerTaskEntry entry = new TimerTaskEntry(task, time.millis() + delayMs);
        size.incrementAndGet();
        thread.execute(() -> {
            var _ = timers.after(delayMs, () -> {
                size.decrementAndGet();
                if (!entry.cancelled()) {
                    task.run();
                }
            });
        });
    }

    @Override
    public boolean advanceClock(long timeoutMs) {
        throw new UnsupportedOperationException("the source of time does");
    }

    @Override
    public int size() {
        return size.get();
    }

    @Override
    public void close() {
        jumps.close();
        alarms.close();
        thread.thread().shutdownNow();
    }

    /** Waits until the timer thread has run the timers that a jump of the clock made due. */
    private void awaitIdle() {
        CompletableFuture<Void> idle = new CompletableFuture<>();
        thread.execute(() -> idle.complete(null));
        if (!thread.thread().isShutdown()) {
            idle.join();
        }
    }
}
