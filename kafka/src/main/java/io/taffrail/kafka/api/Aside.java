package io.taffrail.kafka.api;

import io.taffrail.log.guard.Guard;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Runs beside the event loops what would keep one for long: large requests, long answers, batches
 * that are decompressed. Two tasks run at once, of which one is small, so that small ones never
 * wait for a large one to end.
 *
 * <p>
 * The task that costs the least goes first; of what its client has asked for before, a part
 * counts too. That is forgotten, and a task that waits gains, by a part of all that is done
 * meanwhile. So a client that asks for little waits for one task of the others at most, however
 * many
 * they are and however much they ask for, and nobody waits for ever. Tasks that take long are given
 * in steps.
 *
 * <p>
 * Safe for any thread.
 */
public final class Aside {

    /** A task of up to this cost, in bytes, is small. */
    static final long SMALL_BYTES = 1 << 20;
    /** A task that waits gains this part of what is done meanwhile. */
    static final int GAIN_PART = 64;
    /** This part of what a client has asked for before counts with its next task. */
    private static final int ASKED_PART = 16;
    private static final int MOST_CLIENTS = 1000;

    /**
     * A task that waits.
     *
     * @param rank
     *            the least goes first
     */
    private record Task(long rank, long number, long costBytes, Runnable work) {
        static final Comparator<Task> ORDER = Comparator.comparingLong(Task::rank)
                .thenComparingLong(Task::number);
    }

    private final Executor executor;
    private final Object lock = new Object();
    /** Guarded by the lock, as are those that follow. */
    private final PriorityQueue<Task> small = new PriorityQueue<>(Task.ORDER);
    private final PriorityQueue<Task> large = new PriorityQueue<>(Task.ORDER);
    /** What clients have asked for and is not forgotten: bytes, later than {@link #gained}. */
    private final Map<Object, Long> asked = new HashMap<>();
    private long doneBytes;
    private long given;
    private boolean anyRuns;
    private boolean smallRuns;

    /**
     * @param executor
     *            runs at most two tasks of this at a time, which may block
     */
    public Aside(Executor executor) {
        this.executor = executor;
    }

    /**
     * Has a task run; if that fails it is logged.
     *
     * @param client
     *            whose task it is, with {@link Object#equals}
     * @param costBytes
     *            roughly how many bytes it reads and writes
     * @throws RejectedExecutionException
     *             if the broker is stopping
     */
    public void execute(Object client, long costBytes, Runnable task) {
        boolean forSmall;
        synchronized (lock) {
            long before = Math.max(gained(), asked.getOrDefault(client, 0L));
            long rank = before + costBytes;
            if (asked.size() >= MOST_CLIENTS) {
                asked.values().removeIf(last -> last <= gained());
            }
            asked.put(client, before + costBytes / ASKED_PART);
            boolean isSmall = costBytes <= SMALL_BYTES;
            (isSmall ? small : large).add(new Task(rank, given++, costBytes, task));
            if (anyRuns && (smallRuns || !isSmall)) {
                return;
            }
            forSmall = anyRuns;
            running(forSmall, true);
        }
        try {
            executor.execute(() -> work(forSmall));
        } catch (RejectedExecutionException e) {
            synchronized (lock) {
                running(forSmall, false);
                small.removeIf(it -> it.work().equals(task));
                large.removeIf(it -> it.work().equals(task));
            }
            throw e;
        }
    }

    private void running(boolean forSmall, boolean runs) {
        if (forSmall) {
            smallRuns = runs;
        } else {
            anyRuns = runs;
        }
    }

    private void work(boolean forSmall) {
        Task task = next(forSmall);
        while (task != null) {
            Guard.run("KAF-008", "a long task", task.work());
            task = next(forSmall);
        }
    }

    private @Nullable Task next(boolean forSmall) {
        synchronized (lock) {
            PriorityQueue<Task> from = forSmall || !largeFirst() ? small : large;
            Task first = from.poll();
            if (first == null) {
                running(forSmall, false);
                if (!anyRuns && !smallRuns) {
                    asked.clear();
                    doneBytes = 0;
                }
                return null;
            }
            doneBytes += first.costBytes();
            return first;
        }
    }

    private long gained() {
        return doneBytes / GAIN_PART;
    }

    private boolean largeFirst() {
        Task task = large.peek();
        return task != null
                && (small.isEmpty() || Task.ORDER.compare(task, small.element()) < 0);
    }
}
