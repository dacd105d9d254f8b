package io.taffrail.broker.job;

import io.taffrail.broker.job.Job.Ending;
import io.taffrail.broker.message.StoredMessage;
import io.taffrail.broker.queue.Delivery;
import io.taffrail.broker.queue.FollowedDelivery;
import io.taffrail.broker.queue.FollowedDelivery.Fate;
import io.taffrail.broker.queue.MessageWatch.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The followers of the messages of jobs in their queues. A queue calls this class within the step
 * of the turn that changes the queue. Owner thread only.
 */
final class QueueJobs {

    private final JobTable table;
    private final JobStore store;
    private final JobMoves moves;
    private final InstantSource clock;
    private final Set<String> watched = new HashSet<>();
    private boolean stopping;

    QueueJobs(JobTable table, JobStore store, JobMoves moves, InstantSource clock) {
        this.table = table;
        this.store = store;
        this.moves = moves;
        this.clock = clock;
    }

    /** The broker stops: deliveries that end from now on are not failures of their workers. */
    void stopping() {
        stopping = true;
    }

    boolean isWatched(String queue) {
        return watched.contains(queue);
    }

    /** Watches a queue from now on. */
    JobWatch watch(String queue) {
        watched.add(queue);
        return new JobWatch(this, queue);
    }

    private JobLog log() {
        return store.log();
    }

    private long nowMs() {
        return clock.millis();
    }

    long arrivals() {
        return moves.arrivals();
    }

    Verdict judge(String queue, UUID id) {
        if (!store.isOpen()) {
            return Verdict.HOLD;
        }
        Optional<Job> live = table.live(id);
        if (live.isEmpty()) {
            return table.finished(id).map(it -> verdict(it.state())).orElse(Verdict.PASS);
        }
        Job job = live.get();
        if (!job.queue().equals(queue)) {
            return Verdict.PASS;
        }
        if (job.now.state() == JobState.RUNNING && !job.isHeld()) {
            moves.released(job);
        }
        return verdict(job.now.state());
    }

    private static Verdict verdict(JobState state) {
        return switch (state) {
            case SUCCEEDED, CANCELLED -> Verdict.DROP;
            case DEAD -> Verdict.GIVE_UP;
            case SCHEDULED, QUEUED, RUNNING, FAILED -> Verdict.PASS;
        };
    }

    Optional<FollowedDelivery> started(String queue, UUID id, Delivery delivery, String worker) {
        Optional<Job> found = table.live(id).filter(job -> store.isOpen()
                && job.now.state() == JobState.QUEUED && job.queue().equals(queue));
        return found.map(job -> {
            job.delivery = delivery;
            job.leaseEndMs = 0;
            job.now = job.now.started(worker, nowMs());
            log().changedLater(job);
            moves.times().note(job);
            return new JobAttempt(this, job.now);
        });
    }

    /** A delivery was settled; false if that cannot be recorded. */
    boolean accepted(UUID id, int run) {
        if (!store.isOpen()) {
            return false;
        }
        running(id, run).or(() -> released(id, run)).ifPresent(job -> {
            Ending ending = job.ending;
            moves.apply(job, ending == null || ending.state() == JobState.FAILED
                    ? new Ending(JobState.SUCCEEDED, JobResult.NONE, "", "")
                    : ending, false);
        });
        return true;
    }

    Optional<Job> running(UUID id, int run) {
        return table.live(id).filter(job -> job.now.state() == JobState.RUNNING
                && job.now.run() == run);
    }

    /** A delivery was only looked at. */
    void putBack(UUID id, int run) {
        if (store.isOpen()) {
            running(id, run).ifPresent(moves::released);
        }
    }

    /** A job whose states were read again while a worker held it: its delivery still counts. */
    private Optional<Job> released(UUID id, int run) {
        return table.live(id).filter(job -> job.now.state() == JobState.QUEUED
                && job.now.run() == run && job.delivery == null);
    }

    Fate failed(UUID id, int run, StoredMessage message, boolean rejected) {
        if (!store.isOpen() || (stopping && !rejected) || released(id, run).isPresent()) {
            return Fate.BACK;
        }
        Optional<Job> found = running(id, run);
        if (found.isEmpty()) {
            return Fate.TAKEN; // It has ended: its message goes.
        }
        Job job = found.get();
        Ending ending = job.ending != null
                ? job.ending
                : Ending.failed(rejected
                        ? "its worker rejected it"
                        : "its worker returned it, or is gone");
        job.message = JobMessages.copy(message);
        boolean again = ending.state() == JobState.FAILED && job.now.mayRetry();
        moves.apply(job, new Ending(again ? JobState.FAILED : JobState.DEAD, JobResult.NONE,
                ending.reason(), ending.error()), false);
        if (again) {
            long chance = JobIds.hash(id.toString().getBytes(
                    StandardCharsets.US_ASCII), new byte[]{(byte) run})
                    .getLeastSignificantBits();
            job.now = job.now.withDue(nowMs()
                    + job.now.terms().retry().delayMs(job.now.attempt(), chance));
            moves.times().note(job);
        }
        return again ? Fate.TAKEN : Fate.GIVEN_UP;
    }

    /** The message of a job that has ended left the queue. */
    void dropped(String queue, UUID id) {
        table.live(id).filter(job -> job.queue().equals(queue) && job.now.isFinal())
                .ifPresent(this::gone);
    }

    private void gone(Job job) {
        if (job.now.inQueue()) {
            job.now = job.now.with(job.now.outcome()).withInQueue(false);
            log().changed(job);
        }
    }

    void gaveUp(String queue, UUID id, StoredMessage message, String reason) {
        table.live(id).filter(job -> job.queue().equals(queue)).ifPresent(job -> {
            if (job.now.state() == JobState.QUEUED) {
                job.message = JobMessages.copy(message);
                moves.end(job, JobState.DEAD, "the queue gave it up: " + reason);
            } else if (job.now.isFinal()) {
                gone(job);
            }
        });
    }

    /** All jobs of a queue that arrived up to this number were purged. */
    void purged(String queue, long lastArrival) {
        if (!store.isOpen()) {
            return;
        }
        for (Job job : List.copyOf(table.live())) {
            if (!job.queue().equals(queue) || job.arrival > lastArrival) {
                continue;
            }
            if (job.now.state() == JobState.QUEUED) {
                moves.end(job, JobState.CANCELLED, "its queue was purged");
            } else if (job.now.isFinal()) {
                gone(job);
            }
        }
    }

    /** Deliveries of a queue can no longer be settled. */
    void interrupted(String queue) {
        for (Job job : List.copyOf(table.live())) {
            if (store.isOpen() && job.queue().equals(queue)
                    && job.now.state() == JobState.RUNNING) {
                moves.released(job);
            }
        }
    }

    void queueDeleted(String queue) {
        watched.remove(queue);
        if (stopping || !store.isOpen()) {
            return;
        }
        for (Job job : List.copyOf(table.live())) {
            if (!job.queue().equals(queue)) {
                continue;
            }
            if (job.now.isFinal()) {
                gone(job);
            } else {
                moves.end(job, JobState.DEAD, "its queue was deleted");
            }
        }
    }

}
