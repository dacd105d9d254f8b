package io.taffrail.log.local.thread;

import io.taffrail.log.guard.Guard;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker on a platform thread. */
final class PlatformWorker implements Worker {

    private static final Logger LOG = LoggerFactory.getLogger(PlatformWorker.class);

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
        var _ = executor.scheduleWithFixedDelay(() -> runAgain(task), everyMs, everyMs,
                TimeUnit.MILLISECONDS);
    }

    /** Runs a periodic task without throwing: the executor would silently stop repeating it. */
    private void runAgain(Runnable task) {
        try {
            run(task);
        } catch (Throwable fatal) {
            // The handler of FailStop was called and did not end the process.
            LOG.error("THR-002 a task of {} goes on after a fatal error", name, fatal);
        }
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
