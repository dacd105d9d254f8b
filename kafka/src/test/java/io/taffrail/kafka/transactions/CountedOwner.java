package io.taffrail.kafka.transactions;

import io.taffrail.log.spi.Owner;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** An owner that runs {@code then} in place of the task with a given number. */
final class CountedOwner implements Owner, AutoCloseable {

    private final Runnable then;
    private long left = Long.MAX_VALUE;
    private volatile @Nullable Thread thread;
    private final ExecutorService executor = Executors.newSingleThreadExecutor(task -> {
        Thread made = Thread.ofPlatform().daemon().name("owner").unstarted(task);
        thread = made;
        return made;
    });

    CountedOwner(Runnable then) {
        this.then = then;
    }

    /** Counts from the next task on. */
    void after(long tasks) {
        executor.execute(() -> left = tasks);
    }

    @Override
    public boolean isCurrent() {
        return Thread.currentThread().equals(thread);
    }

    @Override
    public void execute(Runnable command) {
        executor.execute(() -> {
            if (left-- == 0) {
                then.run();
            }
            command.run();
        });
    }

    @Override
    public void close() {
        executor.close();
    }
}
