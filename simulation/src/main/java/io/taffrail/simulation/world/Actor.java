package io.taffrail.simulation.world;

import io.taffrail.log.guard.FailStop;
import io.taffrail.simulation.world.Scheduler.State;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;

/**
 * A simulated thread that runs tasks one after another. While one task waits, no other task of the
 * same actor runs.
 */
class Actor {

    private final Scheduler scheduler;
    private final String name;
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private boolean busy;
    private boolean ending;

    Actor(Scheduler scheduler, String name) {
        this.scheduler = scheduler;
        this.name = name;
        scheduler.add(this);
    }

    final Scheduler scheduler() {
        return scheduler;
    }

    final String name() {
        return name;
    }

    final boolean isReady() {
        return !busy && !tasks.isEmpty();
    }

    /** True if no task runs or waits. */
    public final boolean isIdle() {
        return !busy && tasks.isEmpty();
    }

    public boolean isEnding() {
        return ending;
    }

    final void ending() {
        ending = true;
    }

    final void drop() {
        ending = true;
        tasks.clear();
    }

    final void post(Runnable task) {
        if (ending) {
            throw new RejectedExecutionException(name + " has ended");
        }
        tasks.add(task);
    }

    /** Runs the next task until it returns or the machine dies. */
    final void runOne() {
        Runnable task = tasks.removeFirst();
        busy = true;
        State before = scheduler.enter(this);
        try {
            FailStop.within(scheduler, task);
        } catch (RuntimeException | AssertionError | Violation e) {
            throw scheduler.failed(name, e);
        } finally {
            scheduler.leave(before);
            busy = false;
        }
    }

    @Override
    public final String toString() {
        return name;
    }
}
