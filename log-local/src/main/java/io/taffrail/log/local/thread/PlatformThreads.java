package io.taffrail.log.local.thread;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Threads of the Java platform: one for each worker and loop, virtual ones for short work. */
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
                executor.execute(task);
            }

            @Override
            public void close() {
                executor.close();
            }
        };
    }

    @Override
    public <T> T await(CompletableFuture<T> future) {
        return future.join();
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
