package io.taffrail.kafka;

import io.taffrail.log.guard.Guard;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs at most so many tasks at once on another executor, in the order in which they came. As many
 * may wait as there are connections, each of which has one. Safe for any thread.
 */
final class Limited implements Executor {

    private final Executor executor;
    private final int most;
    /** Guarded by itself, as is the count. */
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int running;

    Limited(Executor executor, int most) {
        this.executor = executor;
        this.most = most;
    }

    @Override
    public void execute(Runnable task) {
        synchronized (waiting) {
            waiting.add(task);
            if (running >= most) {
                return;
            }
            running++;
        }
        try {
            executor.execute(this::work);
        } catch (RuntimeException e) {
            synchronized (waiting) {
                running--;
                waiting.remove(task);
            }
            throw e;
        }
    }

    private void work() {
        Runnable task = next();
        while (task != null) {
            Guard.run("KAF-008", "a long task", task);
            task = next();
        }
    }

    private @Nullable Runnable next() {
        synchronized (waiting) {
            Runnable task = waiting.poll();
            if (task == null) {
                running--;
            }
            return task;
        }
    }
}
