package io.taffrail.broker.job;

import io.taffrail.broker.job.Job.Ending;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.queue.AnyQueue;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.log.LogFailedException;
import java.time.Duration;
import java.util.Optional;

/**
 * The changes of a job's state. Each is made in memory at once and joins the open turn; nobody is
 * told of it before it is durable. Owner thread only.
 */
final class JobMoves {

    /** Pause before a job is queued again that its queue refused, in milliseconds. */
    private static final int REFUSED_AGAIN_MS = 1000;

    private final JobHost host;
    private final JobTable table;
    private final JobStore store;
    private final JobTimes times;
    private long arrivals;

    JobMoves(JobHost host, JobTable table, JobStore store) {
        this.host = host;
        this.table = table;
        this.store = store;
        this.times = new JobTimes(host.context().timers(), host.context().clock(), this::due);
    }

    private long nowMs() {
        return host.context().clock().millis();
    }

    private JobLog log() {
        return store.log();
    }

    JobTimes times() {
        return times;
    }

    /** Number of the last arrival of a job in a queue. */
    long arrivals() {
        return arrivals;
    }

    /** The message of a job goes into its queue. */
    void arrives(Job job) {
        job.arrival = ++arrivals;
    }

    /** Ends a job in a final state, and settles its delivery in the same step. */
    void close(Job job, Ending ending) {
        Delivery held = job.delivery;
        if (job.isHeld() && held != null) {
            job.ending = ending;
            held.accept(); // Calls accepted, which applies the ending.
        }
        if (!job.now.isFinal()) {
            apply(job, ending, job.now.inQueue());
        }
    }

    void apply(Job job, Ending ending, boolean inQueue) {
        job.ending = null;
        job.delivery = null;
        job.leaseEndMs = 0;
        JobStatus next = job.now.to(ending.state(), nowMs()).withInQueue(inQueue);
        if (!ending.reason().isEmpty()) {
            next = next.with(next.outcome().withReason(ending.reason(), ending.error()));
        }
        if (!ending.result().type().isEmpty()) {
            next = next.with(next.outcome().withResult(ending.result()));
        }
        job.now = next;
        if (next.isFinal()) {
            table.ended(job);
            times.ended(job);
        }
        log().changed(job);
    }

    void end(Job job, JobState state, String reason) {
        apply(job, new Ending(state, JobResult.NONE, reason, ""), false);
    }

    /** Puts the message of a job into its queue; false if the queue refuses it. */
    boolean enter(Job job, AnyQueue queue) {
        Message message = log().message(job).orElseThrow(
                () -> new LogFailedException("the record of " + job + " has no message"));
        boolean[] stored = new boolean[1];
        host.context().turn().move(log(), () -> {
            stored[0] = host.storeMoved(queue, message);
            if (stored[0]) {
                job.now = job.now.to(JobState.QUEUED, nowMs()).withDue(0).withInQueue(true);
                job.arrival = ++arrivals;
                log().changed(job);
            }
        });
        return stored[0];
    }

    /** Gives the holder of a job this time, from now on, to report. */
    void lease(Job job, Duration time) {
        job.leaseMs = time.toMillis();
        job.leaseEndMs = nowMs() + job.leaseMs;
        times.note(job);
    }

    /** A running job is held by nobody: the same attempt begins anew. */
    void released(Job job) {
        job.delivery = null;
        job.leaseEndMs = 0;
        job.now = job.now.to(JobState.QUEUED, nowMs())
                .withAttempt(Math.max(0, job.now.attempt() - 1));
        log().changedLater(job);
    }

    private void due(Job job) {
        if (!store.isOpen() || table.live(job.id()).filter(job::equals).isEmpty()) {
            return;
        }
        if (job.now.state() == JobState.RUNNING) {
            expired(job);
        } else if (job.now.state().isWaiting()) {
            release(job);
        }
    }

    private void expired(Job job) {
        Delivery held = job.delivery;
        if (!job.isHeld() || held == null) {
            released(job);
            return;
        }
        boolean lease = job.leaseEndMs != 0 && job.leaseEndMs <= nowMs();
        job.ending = Ending.failed(lease
                ? "its worker did not report in time"
                : "the attempt took longer than " + job.now.terms().timeoutMs() + " ms");
        held.reject();
        if (job.ending != null) {
            job.ending = null; // The message cannot be read; the worker may go on.
            job.leaseEndMs = nowMs() + REFUSED_AGAIN_MS;
        }
    }

    private void release(Job job) {
        Optional<AnyQueue> queue = host.queue(job.queue());
        if (queue.isEmpty()) {
            job.message = log().message(job).orElse(null);
            end(job, JobState.DEAD, "its queue was deleted");
        } else if (host.context().turn().isRefusing() || !enter(job, queue.get())) {
            job.now = job.now.withDue(nowMs() + REFUSED_AGAIN_MS);
        }
    }

}
