package io.taffrail.broker.job;

import io.taffrail.log.spi.Registration;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * The jobs of a virtual host. Called on its owner's thread only. Futures complete there, when the
 * change is durable, or fail with {@link JobException} or
 * {@link io.taffrail.broker.BrokerException} where the request is refused.
 */
public interface Jobs {

    /** Stands for whatever holder a job has, in calls that name one. */
    int ANY_RUN = -1;

    /**
     * A job that was enqueued.
     *
     * @param again
     *            whether an earlier request with the same idempotency key did it
     */
    record Enqueued(JobStatus status, boolean again) {}

    /**
     * A job that was handed out.
     *
     * @param message
     *            a copy
     */
    record Taken(JobStatus status, io.taffrail.broker.message.Message message) {}

    /**
     * A request for jobs to work on.
     *
     * @param most
     *            number of jobs, 1 to 100
     * @param patience
     *            time to wait for the first one
     * @param lease
     *            time within which the worker has to report, or the attempt has failed
     */
    record Take(String queue, int most, Duration patience, Duration lease, String worker) {}

    /**
     * Numbers of jobs in memory.
     *
     * @param finished
     *            jobs that can still be asked for
     */
    record Counts(int unfinished, int finished) {}

    /** Stores a job and its message in one commit. */
    CompletableFuture<Enqueued> enqueue(JobOrder order);

    /** The state of a job; empty if there is no such job. */
    CompletableFuture<Optional<JobStatus>> find(UUID id);

    /**
     * The state of a job as soon as it is as wanted, or after some time as it is then; empty if
     * there is no such job. Whoever no longer waits cancels the future.
     */
    CompletableFuture<Optional<JobStatus>> await(UUID id, Predicate<JobStatus> wanted,
            Duration patience);

    /** The message of a dead or waiting job; empty for others. */
    CompletableFuture<Optional<io.taffrail.broker.message.Message>> message(UUID id);

    /** At most so many jobs that match: unfinished ones, then those that finished last. */
    CompletableFuture<List<JobStatus>> list(Predicate<JobStatus> wanted, int most);

    Counts counts();

    /** Withdraws a job, also while it runs: what its worker reports later is refused. */
    CompletableFuture<JobStatus> cancel(UUID id);

    /** Queues a dead job again, with all its attempts. */
    CompletableFuture<JobStatus> retry(UUID id);

    /** Hands out jobs; completes with an empty list if none came in time. */
    CompletableFuture<List<Taken>> take(Take request);

    /** The holder of a job has done it. A second report of the same success is accepted. */
    CompletableFuture<JobStatus> succeed(UUID id, int run, JobResult result);

    /**
     * The holder of a job has failed.
     *
     * @param mayRetry
     *            false if another attempt is useless
     * @param error
     *            details as JSON; may be empty
     */
    CompletableFuture<JobStatus> fail(UUID id, int run, String reason, String error,
            boolean mayRetry);

    /** The holder of a job is alive; extends its lease if it has one. */
    CompletableFuture<JobStatus> heartbeat(UUID id, int run, Optional<Duration> lease);

    /** Sets the progress of a running job. */
    CompletableFuture<JobStatus> progress(UUID id, int run, int percent, String note);

    /** Sets the result of a job that runs, or that succeeded without one. */
    CompletableFuture<JobStatus> result(UUID id, JobResult result);

    /** Has a listener told of changes until the registration is closed, on the owner's thread. */
    Registration watch(UUID id, JobListener listener);
}
