package io.taffrail.log.local.thread;

import io.taffrail.log.guard.Guard;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A worker on a platform thread. */
final class PlatformWorker implements Worker {

    private final String name;
    private volatile @Nullable Thread thread;
    private final ScheduledExecutorService executor;

    PlatformWorker(String name) {
        this.name = name;
        this.executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = Thread.ofPlatform().name(name).daemon(true).unstarted(task);
            thread = made;
            return made;
        });
    }

    @Override
    public boolean isCurrent() {
        return Thread.currentThread().equals(thread);
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(() -> run(task));
    }

    @Override
    public void every(Duration pause, Runnable task) {
        long everyMs = Math.max(1, pause.toMillis());
        var _ = executor.scheduleWithFixedDelay(() -> run(task), everyMs, everyMs,
                TimeUnit.MILLISECONDS);
    }

    private void run(Runnable task) {
        Guard.run("THR-001", "a task of " + name, task);
    }

    @Override
    public boolean isEnding() {
        return executor.isShutdown();
    }

    @Override
    public boolean end(Duration patience) {
        return PlatformThreads.end(executor, patience);
    }

    @Override
    public void abandon() {
        executor.shutdownNow();
    }
}
