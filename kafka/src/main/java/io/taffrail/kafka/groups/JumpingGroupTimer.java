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
 * Kafka's timers where time can jump, as in tests: Kafka's wheel reads the machine's time by
 * itself.
 * What was cancelled is kept until its time has come.
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
        // After a jump listeners are told in the order in which they came: the timers first.
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

    /** Waits for what a jump has made due, which was given to the thread before. */
    private void awaitIdle() {
        CompletableFuture<Void> idle = new CompletableFuture<>();
        thread.execute(() -> idle.complete(null));
        if (!thread.thread().isShutdown()) {
            idle.join();
        }
    }
}
