package io.taffrail.log.local.thread;

import io.taffrail.log.guard.Guard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Threads of the Java platform: a platform thread for each worker and loop, virtual threads
 * for short tasks.
 */
final class PlatformThreads implements Threads {

    static final PlatformThreads INSTANCE = new PlatformThreads();
    private static final int TOGETHER = 16;

    private PlatformThreads() {}

    @Override
    public Worker worker(String name) {
        return new PlatformWorker(name);
    }

    @Override
    public Loop loop(String name, Loop.Turn turn) {
        return PlatformLoop.start(name, turn);
    }

    @Override
    public Background background(String name) {
        ExecutorService executor = Executors
                .newThreadPerTaskExecutor(Thread.ofVirtual().name(name).factory());
        return new Background() {
            @Override
            public void execute(Runnable task) {
                executor.execute(
                        () -> Guard.run("THR-001", "a task of " + name, task));
            }

            @Override
            public boolean end(Duration patience) {
                return PlatformThreads.end(executor, patience);
            }
        };
    }

    /**
     * Shuts down an executor after its accepted tasks; false if they do not end within
     * {@code patience}.
     */
    static boolean end(ExecutorService executor, Duration patience) {
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
    public <T> T await(CompletableFuture<T> future) {
        return future.join();
    }

    @Override
    public boolean await(CompletableFuture<?> future, Duration patience) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    future.get(patience.toMillis(), TimeUnit.MILLISECONDS);
                    return true;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (TimeoutException e) {
                    return future.isDone();
                } catch (ExecutionException | CancellationException e) {
                    return true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void together(List<? extends DiskTask> tasks) throws IOException {
        if (tasks.size() < TOGETHER) {
            for (DiskTask task : tasks) {
                task.run();
            }
            return;
        }
        try (ExecutorService executor = Executors.newFixedThreadPool(TOGETHER)) {
            CompletableFuture.allOf(tasks.stream()
                    .map(it -> CompletableFuture.runAsync(() -> run(it), executor))
                    .toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof UncheckedIOException failed) {
                throw failed.getCause();
            }
            throw e;
        }
    }

    private static void run(DiskTask task) {
        try {
            task.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
