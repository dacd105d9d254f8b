package io.taffrail.kafka.groups;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.coordinator.group.GroupCoordinatorService;
import org.apache.kafka.server.util.timer.Timer;

/**
 * What groups run on besides the owners of logs: threads of their own, or those of a simulation.
 */
public interface GroupThreads {

    /** A timer that ends without failing. */
    interface GroupTimers extends Timer {
        @Override
        void close();
    }

    /** Runs the start of the coordinator, which may wait. */
    void start(Runnable task);

    /** Runs what publishes metadata, which may wait. */
    void publish(Runnable task);

    /** Runs what reads logs back, one log after another. */
    ExecutorService newLoader();

    /** Timers of one coordinator. */
    GroupTimers newTimer();

    /** A coordinator of these parts, with the threads its shards run on. */
    GroupCoordinatorService build(GroupCoordinatorService.Builder parts);

    /** Waits for a future, at most so long. */
    <T> T await(CompletableFuture<T> future, long timeoutMs)
            throws TimeoutException, InterruptedException, ExecutionException;

    /** Waits for a future as {@link CompletableFuture#join} does. */
    <T> T await(CompletableFuture<T> future);
}
