package io.taffrail.kafka.groups;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.coordinator.group.GroupCoordinatorService;
import org.apache.kafka.server.util.timer.Timer;

/**
 * Threads and timers of the groups, apart from the owners of logs. The implementations are real
 * threads or those of a simulation.
 */
public interface GroupThreads {

    /** A timer whose {@code close} throws no checked exception. */
    interface GroupTimers extends Timer {
        @Override
        void close();
    }

    /** Runs the coordinator's start, which may block. */
    void start(Runnable task);

    /** Runs the publishing of metadata, which may block. */
    void publish(Runnable task);

    /** Creates the executor that loads logs, one log after another. */
    ExecutorService newLoader();

    /** Creates the timers of one coordinator. */
    GroupTimers newTimer();

    /** Builds a coordinator from the given parts, with the threads its shards run on. */
    GroupCoordinatorService build(GroupCoordinatorService.Builder parts);

    /** Waits for a future, at most {@code timeoutMs} milliseconds. */
    <T> T await(CompletableFuture<T> future, long timeoutMs)
            throws TimeoutException, InterruptedException, ExecutionException;

    /** Waits for a future and fails like {@link CompletableFuture#join}. */
    <T> T await(CompletableFuture<T> future);
}
