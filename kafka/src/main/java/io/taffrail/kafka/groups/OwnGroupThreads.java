package io.taffrail.kafka.groups;

import io.taffrail.broker.schedule.TimeSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.coordinator.group.GroupCoordinatorService;

/** Threads that are used for groups only; {@code docs/internals/groups.md} lists them. */
public final class OwnGroupThreads implements GroupThreads {

    private final TimeSource time;

    /** Creates threads whose timers use the machine's clock. */
    public OwnGroupThreads() {
        this(TimeSource.system());
    }

    public OwnGroupThreads(TimeSource time) {
        this.time = time;
    }

    @Override
    public void start(Runnable task) {
        Thread.ofPlatform().daemon().name("group-start").start(task);
    }

    @Override
    public void publish(Runnable task) {
        Thread.ofVirtual().name("group-metadata").start(task);
    }

    /** Creates a thread that exists only while there are logs to load. */
    @Override
    public ExecutorService newLoader() {
        // The queue holds at most one task for each shard.
        ThreadPoolExecutor thread = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("group-loader").factory());
        thread.allowCoreThreadTimeOut(true);
        return thread;
    }

    @Override
    public GroupTimers newTimer() {
        return time.jumps() ? new JumpingGroupTimer(time) : new GroupTimer();
    }

    @Override
    public GroupCoordinatorService build(GroupCoordinatorService.Builder parts) {
        return parts.build();
    }

    @Override
    public <T> T await(CompletableFuture<T> future, long timeoutMs)
            throws TimeoutException, InterruptedException, ExecutionException {
        return future.get(timeoutMs, TimeUnit.MILLISECONDS);
    }

    @Override
    public <T> T await(CompletableFuture<T> future) {
        return future.join();
    }
}
