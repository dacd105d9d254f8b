package io.taffrail.log.local;

import io.taffrail.log.spi.Owner;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** An owner with a thread of its own, as an event loop is. */
final class OwnerThread implements Owner, AutoCloseable {

    private volatile @Nullable Thread thread;
    private final ExecutorService executor = Executors.newSingleThreadExecutor(task -> {
        Thread made = new Thread(task, "owner");
        made.setDaemon(true);
        thread = made;
        return made;
    });

    /** Runs on the owner's thread and waits. */
    <T> T call(Callable<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        executor.execute(() -> {
            try {
                result.complete(task.call());
            } catch (Exception | AssertionError e) {
                result.completeExceptionally(e);
            }
        });
        try {
            return result.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    @Override
    public boolean isCurrent() {
        return Thread.currentThread().equals(thread);
    }

    @Override
    public void execute(Runnable command) {
        executor.execute(command);
    }

    @Override
    public void close() {
        executor.close();
    }
}
