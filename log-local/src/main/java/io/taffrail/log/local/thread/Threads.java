package io.taffrail.log.local.thread;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Where an engine's work runs. Safe for any thread. */
public interface Threads {

    /** Work that may fail for the disk's sake. */
    interface DiskTask {
        void run() throws IOException;
    }

    /** Threads of the Java platform. */
    static Threads platform() {
        return PlatformThreads.INSTANCE;
    }

    /** A thread of its own for tasks one after another; started with the first of them. */
    Worker worker(String name);

    /** Begins a loop on a thread of its own. */
    Loop loop(String name, Loop.Turn turn);

    /** Threads for short work, as many as there is work. */
    Background background(String name);

    /**
     * Waits for a future on the calling thread, which is not one that the future's completion
     * needs.
     *
     * @throws java.util.concurrent.CompletionException
     *             if it failed
     */
    <T> T await(CompletableFuture<T> future);

    /**
     * Waits as {@link #await(CompletableFuture)} does, but no longer than {@code patience}.
     *
     * @return whether the future is done, with a result or a failure
     */
    boolean await(CompletableFuture<?> future, Duration patience);

    /**
     * Runs tasks on several threads at once and waits for all.
     *
     * @throws IOException
     *             that of a task which failed
     */
    void together(List<? extends DiskTask> tasks) throws IOException;
}
