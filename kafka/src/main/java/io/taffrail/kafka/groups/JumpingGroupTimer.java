package io.taffrail.kafka.groups;

import io.taffrail.broker.schedule.ThreadTimers;
import io.taffrail.broker.schedule.TimeSource;
import io.taffrail.broker.schedule.Timers;
import io.taffrail.log.spi.Owner;
import io.taffrail.log.spi.Registration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
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
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("group-timer").factory());
    private final ThreadTimers alarms;
    private final Timers timers;
    private final Registration jumps;
    private final AtomicInteger size = new AtomicInteger();

    JumpingGroupTimer(TimeSource time) {
        this.time = time;
        this.alarms = new ThreadTimers(time);
        this.timers = alarms.of(new OneThread());
        this.jumps = time.onJump(this::awaitIdle);
    }

    @Override
    public void add(TimerTask task) {
        long delayMs = Math.max(0, task.delayMs);
        TimerTaskEntry entry = new TimerTaskEntry(task, time.millis() + delayMs);
        size.incrementAndGet();
        execute(() -> {
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
        thread.shutdownNow();
    }

    /** Waits for what a jump has made due, which was given to the thread before. */
    private void awaitIdle() {
        CompletableFuture<Void> idle = new CompletableFuture<>();
        execute(() -> idle.complete(null));
        if (thread.isShutdown()) {
            return;
        }
        idle.join();
    }

    /** Nothing is timed any more once this was closed. */
    private void execute(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            if (!thread.isShutdown()) {
                throw e;
            }
        }
    }

    /** Timers are only armed and run by tasks of this. */
    private final class OneThread implements Owner {

        @Override
        public boolean isCurrent() {
            return Thread.currentThread().getName().equals("group-timer");
        }

        @Override
        public void execute(Runnable command) {
            JumpingGroupTimer.this.execute(command);
        }
    }
}
