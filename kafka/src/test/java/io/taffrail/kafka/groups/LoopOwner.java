package io.taffrail.kafka.groups;

import io.taffrail.log.spi.Owner;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** An owner with its own thread, like an event loop without sockets. */
final class LoopOwner implements Owner, AutoCloseable {

    private volatile @Nullable Thread thread;
    private final ExecutorService executor = Executors.newSingleThreadExecutor(task -> {
        Thread made = Thread.ofPlatform().daemon().name("owner").unstarted(task);
        thread = made;
        return made;
    });

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
