package io.taffrail.kafka.api;

import io.taffrail.log.guard.Guard;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Scheduler for tasks that would block an event loop for too long: large requests, long responses
 * and decompression. At most two tasks run at once, and one of them is small, so a small task never
 * waits for a large one to end.
 *
 * <p>
 * The task with the least rank runs first. A task's rank is its cost plus a fraction of the cost of
 * its client's earlier tasks. That fraction is forgotten gradually, and a waiting task gains
 * priority, as other tasks run. A client with few tasks therefore waits for at most two tasks of
 * the others, no matter how many clients there are and how much they submit. Every fourth task is
 * the one that has waited for longest, so an expensive task waits for at most four tasks of each
 * client that waited before it, however many cheaper ones follow. Tasks that take very long are
 * submitted in steps.
 *
 * <p>
 * Safe for any thread.
 */
public final class Aside {

    /** Largest cost of a small task, in bytes. */
    static final long SMALL_BYTES = 1 << 20;
    /** A waiting task gains 1/64 of the bytes that other tasks process. */
    static final int GAIN_PART = 64;
    /** 1/16 of the cost of a client's earlier tasks is added to the rank of its next one. */
    private static final int ASKED_PART = 16;
    private static final int MOST_CLIENTS = 1000;
    /** One of this many tasks is the one that has waited for longest. */
    static final int LONGEST_WAIT_PART = 4;

    /**
     * A waiting task.
     *
     * @param rank
     *            tasks with the least rank run first
     */
    private record Task(long rank, long number, long costBytes, Runnable work) {
        static final Comparator<Task> ORDER = Comparator.comparingLong(Task::rank)
                .thenComparingLong(Task::number);
    }

    private final Executor executor;
    private final Object lock = new Object();
    /** Guarded by the lock, like the fields below. */
    private final PriorityQueue<Task> small = new PriorityQueue<>(Task.ORDER);
    private final PriorityQueue<Task> large = new PriorityQueue<>(Task.ORDER);
    /** All waiting tasks in the order of their submission. */
    private final LinkedHashSet<Task> waiting = new LinkedHashSet<>();
    /**
     * Base rank of each client's next task, in bytes; forgotten once {@link #gained} has reached
     * it.
     */
    private final Map<Object, Long> asked = new HashMap<>();
    private long doneBytes;
    private long given;
    private int turns;
    private boolean anyRuns;
    private boolean smallRuns;

    /**
     * @param executor
     *            runs at most two tasks of this scheduler at a time; they may block
     */
    public Aside(Executor executor) {
        this.executor = executor;
    }

    /**
     * Runs a task now or later. A failure of the task is logged.
     *
     * @param client
     *            the client that the task is for, compared with {@link Object#equals}
     * @param costBytes
     *            approximate number of bytes that the task reads and writes
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
            Task added = new Task(rank, given++, costBytes, task);
            (isSmall ? small : large).add(added);
            waiting.add(added);
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
                waiting.removeIf(it -> it.work().equals(task));
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
            Task first = forSmall ? small.poll() : nextOfAny();
            if (first == null) {
                running(forSmall, false);
                if (!anyRuns && !smallRuns) {
                    asked.clear();
                    doneBytes = 0;
                }
                return null;
            }
            waiting.remove(first);
            doneBytes += first.costBytes();
            return first;
        }
    }

    private @Nullable Task nextOfAny() {
        turns++;
        if (turns % LONGEST_WAIT_PART == 0 && !waiting.isEmpty()) {
            Task oldest = waiting.getFirst();
            (oldest.costBytes() <= SMALL_BYTES ? small : large).remove(oldest);
            return oldest;
        }
        return (largeFirst() ? large : small).poll();
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
