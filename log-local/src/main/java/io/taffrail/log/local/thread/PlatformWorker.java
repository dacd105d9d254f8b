package io.taffrail.log.local.thread;

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
        var _ = executor.scheduleWithFixedDelay(() -> run(task), everyMs, everyMs,
                TimeUnit.MILLISECONDS);
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("THR-001 a task of {} failed", name, e);
        }
    }

    @Override
    public boolean isEnding() {
        return executor.isShutdown();
    }

    @Override
    public boolean end(Duration patience) {
        executor.shutdown();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return executor.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void abandon() {
        executor.shutdownNow();
    }
}
