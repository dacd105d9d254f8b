package io.taffrail.simulation.world;

import io.taffrail.log.local.thread.Background;
import io.taffrail.log.local.thread.Loop;
import io.taffrail.log.local.thread.Threads;
import io.taffrail.log.local.thread.Worker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntSupplier;

/** The engine's threads, simulated by a {@link Scheduler}. */
public final class SimThreads implements Threads {

    private final Scheduler scheduler;
    private final IntSupplier lateMs;

    public SimThreads(Scheduler scheduler) {
        this(scheduler, () -> 0);
    }

    /**
     * Threads whose loops, including the journal's, may react late.
     *
     * @param lateMs
     *            delay between a signal and the loop's turn, in milliseconds
     */
    public SimThreads(Scheduler scheduler, IntSupplier lateMs) {
        this.scheduler = scheduler;
        this.lateMs = lateMs;
    }

    @Override
    public Worker worker(String name) {
        return new SimOwner(scheduler, name);
    }

    @Override
    public Loop loop(String name, Loop.Turn turn) {
        return new SimLoop(scheduler, name, turn, lateMs);
    }

    @Override
    public Background background(String name) {
        return new Background() {

            private final List<Actor> running = new ArrayList<>();
            private boolean closed;

            @Override
            public void execute(Runnable task) {
                if (closed) {
                    throw new RejectedExecutionException(name + " has ended");
                }
                Actor actor = new Actor(scheduler, name);
                running.removeIf(Actor::isIdle);
                running.add(actor);
                actor.post(task);
                actor.ending();
            }

            @Override
            public boolean end(Duration patience) {
                closed = true;
                return scheduler.until(name + " to end", patience,
                        () -> running.stream().allMatch(Actor::isIdle));
            }
        };
    }

    @Override
    public <T> T await(CompletableFuture<T> future) {
        scheduler.until("a future", future::isDone);
        return future.join();
    }

    @Override
    public boolean await(CompletableFuture<?> future, Duration patience) {
        return scheduler.until("a future", patience, future::isDone);
    }

    @Override
    public void together(List<? extends DiskTask> tasks) throws IOException {
        List<DiskTask> left = new ArrayList<>(tasks);
        while (!left.isEmpty()) {
            left.remove(scheduler.dice().below(left.size())).run();
            scheduler.preemption(2, name -> true);
        }
    }
}
