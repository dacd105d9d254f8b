package io.taffrail.log.local.thread;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The threads of an engine. Thread-safe. */
public interface Threads {

    /** A task that may fail with a disk error. */
    interface DiskTask {
        void run() throws IOException;
    }

    /** Threads of the Java platform. */
    static Threads platform() {
        return PlatformThreads.INSTANCE;
    }

    /** Creates a worker; its thread starts with the first task. */
    Worker worker(String name);

    /** Starts a loop on its own thread. */
    Loop loop(String name, Loop.Turn turn);

    /** Returns an executor for short tasks without a limit of threads. */
    Background background(String name);

    /**
     * Waits for a future. The calling thread must not be needed to complete it.
     *
     * @throws java.util.concurrent.CompletionException
     *             if the future failed
     */
    <T> T await(CompletableFuture<T> future);

    /**
     * Waits for a future as {@link #await(CompletableFuture)} does, but at most {@code patience}.
     * Throws no failure of the future.
     *
     * @return true if the future is done, with a result or a failure
     */
    boolean await(CompletableFuture<?> future, Duration patience);

    /**
     * Runs tasks concurrently and waits for all of them.
     *
     * @throws IOException
     *             the failure of one of the tasks
     */
    void together(List<? extends DiskTask> tasks) throws IOException;
}
