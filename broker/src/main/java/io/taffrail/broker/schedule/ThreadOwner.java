package io.taffrail.broker.schedule;

import io.taffrail.log.spi.Owner;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * An owner with a daemon thread of its own, for timers. After its shutdown it drops tasks, so that
 * a late timer does no harm. Safe for any thread.
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

    /** The executor, which refuses tasks after its shutdown. */
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
