package io.taffrail.log.contract;

import io.taffrail.log.spi.Owner;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** An owner with a thread of its own. Other threads can run code on it and wait for the result. */
public final class OwnerThread implements Owner, AutoCloseable {

    private static final int PATIENCE_S = 60;

    private final ExecutorService executor = Executors.newSingleThreadExecutor(this::thread);
    private volatile @Nullable Thread thread;

    private Thread thread(Runnable body) {
        Thread made = new Thread(body, "owner");
        made.setDaemon(true);
        thread = made;
        return made;
    }

    @Override
    public boolean isCurrent() {
        return Thread.currentThread().equals(thread);
    }

    @Override
    public void execute(Runnable command) {
        executor.execute(command);
    }

    /** Runs {@code body} on the owner's thread and returns its result. */
    public <T> T call(Callable<T> body) {
        return await(executor.submit(body));
    }

    public void run(Runnable body) {
        await(CompletableFuture.runAsync(body, executor));
    }

    /**
     * Returns the future's result. Fails the test if the future fails or takes
     * longer than a minute.
     */
    public static <T> T await(Future<T> future) {
        try {
            return future.get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new AssertionError(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("no result after " + PATIENCE_S + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}
