package io.taffrail.broker.job;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A refused request about a job. */
public final class JobException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** The reasons of a refusal. */
    public enum Reason {
        /** A property is not possible. */
        INVALID,
        /** There is no such job, or it was forgotten. */
        UNKNOWN,
        /** The job is in a final state already. */
        FINISHED,
        /** The job is not in a state that allows this. */
        WRONG_STATE,
        /** The caller does not hold the job: its attempt has ended. */
        NOT_HELD,
        /** An unfinished job has the same unique key. */
        NOT_UNIQUE,
        /** A request with the same idempotency key is being stored. */
        KEY_BUSY,
        /** The idempotency key belongs to a request with another content. */
        KEY_REUSED,
        /** The virtual host has as many unfinished jobs as it may. */
        TOO_MANY,
        /** The queue refuses the message. */
        REFUSED,
        /** Jobs cannot be stored at present. */
        OUT_OF_SERVICE
    }

    private final Reason reason;
    private final transient @Nullable UUID job;

    private JobException(Reason reason, String text, @Nullable UUID job) {
        super(text, null, false, false);
        this.reason = reason;
        this.job = job;
    }

    public static JobException of(Reason reason, String text) {
        return new JobException(reason, text, null);
    }

    /** A refusal that names the job that stands against the request. */
    public static JobException of(Reason reason, String text, UUID job) {
        return new JobException(reason, text, job);
    }

    public static JobException invalid(String text) {
        return of(Reason.INVALID, text);
    }

    public Reason reason() {
        return reason;
    }

    /** The text for people to read. */
    public String text() {
        return String.valueOf(getMessage());
    }

    /** The job that stands against the request. */
    public Optional<UUID> job() {
        return Optional.ofNullable(job);
    }
}
