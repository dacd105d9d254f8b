package io.taffrail.broker.job;

import io.taffrail.broker.schedule.Budget;
import io.taffrail.broker.schedule.Timers;
import io.taffrail.log.spi.Registration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The times at which something is due for a job: its start, its next attempt, the end of a lease or
 * of an attempt. A job has one current entry; an entry that was overtaken is dropped when its time
 * has come. Owner thread only.
 */
final class JobTimes {

    private static final int MIN_OVERTAKEN = 1024;

    private record Entry(long atMs, long order, Job job) {}

    private final Timers timers;
    private final InstantSource clock;
    private final Consumer<Job> due;
    private final PriorityQueue<Entry> entries = new PriorityQueue<>(
            Comparator.comparingLong(Entry::atMs).thenComparingLong(Entry::order));
    private long order;
    private int overtaken;
    private long armedMs = Long.MAX_VALUE;
    private @Nullable Registration timer;

    /**
     * @param due
     *            takes a job whose {@link Job#nextMs} has come; it may change the job
     */
    JobTimes(Timers timers, InstantSource clock, Consumer<Job> due) {
        this.timers = timers;
        this.clock = clock;
        this.due = due;
    }

    /** Notes the time at which something is due for a job; to be called when that has changed. */
    void note(Job job) {
        long atMs = job.nextMs();
        if (atMs < job.wakeMs) {
            job.wakeMs = atMs;
            entries.add(new Entry(atMs, order++, job));
            arm();
        }
    }

    /** Nothing is due for a job any more; its entry goes when half of all are of that kind. */
    void ended(Job job) {
        if (job.wakeMs != Long.MAX_VALUE && ++overtaken > Math.max(MIN_OVERTAKEN,
                entries.size() / 2)) {
            overtaken = 0;
            entries.removeIf(entry -> entry.job().nextMs() == Long.MAX_VALUE);
        }
    }

    private void arm() {
        Entry first = entries.peek();
        if (first == null || first.atMs() >= armedMs) {
            return;
        }
        Registration before = timer;
        if (before != null) {
            before.close();
        }
        armedMs = first.atMs();
        timer = timers.after(Math.max(0, armedMs - clock.millis()), this::ring);
    }

    private void ring() {
        timer = null;
        armedMs = Long.MAX_VALUE;
        long nowMs = clock.millis();
        int left = Budget.MAX_COUNT;
        Entry first = entries.peek();
        while (first != null && first.atMs() <= nowMs && left-- > 0) {
            entries.remove();
            Job job = first.job();
            if (job.wakeMs == first.atMs()) {
                job.wakeMs = Long.MAX_VALUE;
                if (job.nextMs() <= nowMs) {
                    due.accept(job);
                }
                note(job);
            }
            first = entries.peek();
        }
        arm();
    }

    void close() {
        Registration before = timer;
        if (before != null) {
            before.close();
            timer = null;
        }
        entries.clear();
    }
}
