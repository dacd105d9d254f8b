package io.taffrail.broker.job;

import io.taffrail.broker.message.Message;
import io.taffrail.broker.queue.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An unfinished job in memory, or one whose final state is not yet stored. Owner thread only. */
final class Job {

    /**
     * How a delivery is to end that the broker ends itself.
     *
     * @param state
     *            a final state; FAILED if it is to be tried again as far as attempts are left
     */
    record Ending(JobState state, JobResult result, String reason, String error) {

        static Ending failed(String reason) {
            return new Ending(JobState.FAILED, JobResult.NONE, reason, "");
        }
    }

    private final UUID id;
    /** The state, including changes that are not yet durable. */
    JobStatus now;
    /** The last state that is durable; null while there is none. */
    @Nullable
    JobStatus durable;
    /** Offset of the last record; -1 while there is none. */
    long offset = -1;
    /** The message, while the job is in no queue and its record is not yet durable. */
    @Nullable
    Message message;
    /** Delivery of the running attempt. */
    @Nullable
    Delivery delivery;
    /** How the present delivery is to end; null: as the worker says. */
    @Nullable
    Ending ending;
    /** While a worker holds the job by a lease: its end, in milliseconds since 1970; else 0. */
    long leaseEndMs;
    /** Length of the last lease in milliseconds. */
    long leaseMs;
    /** Time of its earliest entry in {@link JobTimes}; {@link Long#MAX_VALUE} if there is none. */
    long wakeMs = Long.MAX_VALUE;
    /**
     * Number of the latest arrival of its message in the queue, among all arrivals since a start.
     */
    long arrival;
    private List<Waiter> waiters = List.of();

    private record Waiter(int version, CompletableFuture<JobStatus> future) {}

    Job(JobStatus now) {
        this.id = now.id();
        this.now = now;
    }

    UUID id() {
        return id;
    }

    String queue() {
        return now.terms().queue();
    }

    /** Completes when the state as it is now is durable. */
    CompletableFuture<JobStatus> stored() {
        JobStatus known = durable;
        if (known != null && known.version() == now.version()) {
            return CompletableFuture.completedFuture(known);
        }
        CompletableFuture<JobStatus> waiter = new CompletableFuture<>();
        keep(new Waiter(now.version(), waiter));
        return waiter;
    }

    /** Tells those who wait for this state, or for an earlier one. */
    void tellStored(JobStatus status) {
        List<Waiter> all = waiters;
        waiters = List.of();
        for (Waiter waiter : all) {
            if (waiter.version() <= status.version()) {
                waiter.future().complete(status);
            } else {
                keep(waiter);
            }
        }
    }

    private void keep(Waiter waiter) {
        if (waiters.isEmpty()) {
            waiters = new ArrayList<>(1);
        }
        waiters.add(waiter);
    }

    /** Fails those who wait for the state to be stored. */
    void tellFailed(RuntimeException why) {
        List<Waiter> all = waiters;
        waiters = List.of();
        all.forEach(waiter -> waiter.future().completeExceptionally(why));
    }

    /** Whether the running attempt is held by a delivery that can be settled. */
    boolean isHeld() {
        Delivery held = delivery;
        return now.state() == JobState.RUNNING && held != null && !held.isSettled();
    }

    /** Time at which something is due, in milliseconds since 1970. */
    long nextMs() {
        if (now.state().isWaiting()) {
            return now.dueMs();
        }
        if (now.state() != JobState.RUNNING) {
            return Long.MAX_VALUE;
        }
        long timeoutMs = now.terms().timeoutMs();
        long endMs = timeoutMs == 0 ? Long.MAX_VALUE : now.startedMs() + timeoutMs;
        return leaseEndMs == 0 ? endMs : Math.min(endMs, leaseEndMs);
    }

    @Override
    public String toString() {
        return "job " + id;
    }
}
