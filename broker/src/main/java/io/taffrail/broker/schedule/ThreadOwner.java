package io.taffrail.broker.schedule;

import io.taffrail.log.spi.Owner;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A daemon thread of its own as the owner of timers. As an owner it drops tasks once it was shut
 * down, so that a timer that rings late harms nobody. Safe for any thread.
 */
public final class ThreadOwner implements Owner {

    private volatile @Nullable Thread running;
    private final ExecutorService thread;

    public ThreadOwner(String name) {
        thread = Executors.newSingleThreadExecutor(task -> {
            Thread made = Thread.ofPlatform().daemon().name(name).unstarted(task);
            running = made;
            return made;
        });
    }

    /** The thread itself, which refuses tasks once it was shut down. */
    public ExecutorService thread() {
        return thread;
    }

    @Override
    public boolean isCurrent() {
        return Thread.currentThread().equals(running);
    }

    @Override
    public void execute(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            if (!thread.isShutdown()) {
                throw e;
            }
        }
    }
}
