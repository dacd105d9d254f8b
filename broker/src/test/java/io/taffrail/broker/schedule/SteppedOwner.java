package io.taffrail.broker.schedule;

import io.taffrail.log.spi.Owner;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * An owner that runs one task at a time, on the test's thread, when the test asks for it. Tasks
 * given to {@link #executeLater} wait until no others are left.
 */
public final class SteppedOwner implements Owner {

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final Deque<Runnable> later = new ArrayDeque<>();
    private int looks;

    @Override
    public boolean isCurrent() {
        return true;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public void executeLater(Runnable task) {
        later.add(task);
    }

    /** Runs the next task; false if none is waiting. */
    public boolean runOne() {
        Runnable next = tasks.poll();
        if (next == null) {
            next = later.poll();
            looks += next == null ? 0 : 1;
        }
        if (next == null) {
            return false;
        }
        next.run();
        return true;
    }

    /** Number of tasks run that were given to {@link #executeLater}. */
    public int looks() {
        return looks;
    }

    public boolean isIdle() {
        return tasks.isEmpty() && later.isEmpty();
    }
}
