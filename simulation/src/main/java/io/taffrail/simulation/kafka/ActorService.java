package io.taffrail.simulation.kafka;

import io.taffrail.simulation.world.SimOwner;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** An executor service on a simulated thread. */
final class ActorService extends AbstractExecutorService {

    private final SimOwner actor;
    private boolean shut;

    ActorService(SimOwner actor) {
        this.actor = actor;
    }

    @Override
    public void execute(Runnable task) {
        if (shut) {
            throw new RejectedExecutionException("it has ended");
        }
        actor.execute(task);
    }

    @Override
    public void shutdown() {
        shut = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
        shut = true;
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return shut;
    }

    @Override
    public boolean isTerminated() {
        return shut;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return true;
    }
}
