package io.taffrail.broker.job;

import java.util.UUID;

/**
 * The state of a job at one time.
 *
 * @param attempt
 *            number of the attempt that runs or ran last; 0 before the first
 * @param run
 *            number of times that the message was handed out; names the holder of the job
 * @param changedMs
 *            time of the last change of the state, in milliseconds since 1970, as all times here
 * @param dueMs
 *            while it waits, the time at which it is queued
 * @param startedMs
 *            time at which the last attempt began; 0 before the first
 * @param worker
 *            the consumer that runs or ran it; empty before the first attempt
 * @param outcome
 *            progress, result and reason of failure
 * @param inQueue
 *            whether its message may still be in the queue
 * @param version
 *            grows with every change
 */
public record JobStatus(UUID id, JobTerms terms, JobState state, int attempt, int run,
        long createdMs, long changedMs, long dueMs, long startedMs, String worker, Outcome outcome,
        boolean inQueue, int version) {

    /**
     * Progress, result and failure of the job.
     *
     * @param percent
     *            progress from 0 to 100
     * @param note
     *            progress in words or as JSON, set by the worker; may be empty
     * @param resultType
     *            media type of the result; empty if there is none
     * @param result
     *            must not be changed
     * @param reason
     *            of the last failure or the cancellation; may be empty
     * @param error
     *            details of the last failure as the worker gave them, as JSON; may be empty
     */
    @SuppressWarnings("ArrayRecordComponent") // A result is compared by nobody.
    public record Outcome(int percent, String note, String resultType, byte[] result,
            String reason, String error) {

        static final Outcome NONE = new Outcome(0, "", "", new byte[0], "", "");

        Outcome withProgress(int newPercent, String newNote) {
            return new Outcome(newPercent, newNote, resultType, result, reason, error);
        }

        Outcome withResult(JobResult value) {
            return new Outcome(percent, note, value.type(), value.body(), reason, error);
        }

        Outcome withReason(String why, String details) {
            return new Outcome(percent, note, resultType, result, why, details);
        }
    }

    /** Whether the job is in a final state. */
    public boolean isFinal() {
        return state.isFinal();
    }

    /** Whether an attempt is left after the present one. */
    public boolean mayRetry() {
        return attempt < terms.retry().attempts();
    }

    JobStatus to(JobState next, long nowMs) {
        if (!state.leadsTo(next)) {
            throw new IllegalStateException("job " + id + " goes from " + state + " to " + next);
        }
        return new JobStatus(id, terms, next, attempt, run, createdMs, nowMs, dueMs, startedMs,
                worker, outcome, inQueue, version + 1);
    }

    JobStatus with(Outcome value) {
        return new JobStatus(id, terms, state, attempt, run, createdMs, changedMs, dueMs,
                startedMs, worker, value, inQueue, version + 1);
    }

    JobStatus withDue(long atMs) {
        return new JobStatus(id, terms, state, attempt, run, createdMs, changedMs, atMs,
                startedMs, worker, outcome, inQueue, version);
    }

    JobStatus withInQueue(boolean value) {
        return new JobStatus(id, terms, state, attempt, run, createdMs, changedMs, dueMs,
                startedMs, worker, outcome, value, version);
    }

    JobStatus by(String name) {
        return new JobStatus(id, terms, state, attempt, run, createdMs, changedMs, dueMs,
                startedMs, name, outcome, inQueue, version);
    }

    JobStatus withAttempt(int number) {
        return new JobStatus(id, terms, state, number, run, createdMs, changedMs, dueMs, startedMs,
                worker, outcome, inQueue, version);
    }

    /** The next attempt, by this worker. */
    JobStatus started(String by, long nowMs) {
        JobStatus next = to(JobState.RUNNING, nowMs);
        return new JobStatus(id, terms, next.state, attempt + 1, run + 1, createdMs, nowMs, 0,
                nowMs, by, outcome.withProgress(0, ""), true, next.version);
    }
}
