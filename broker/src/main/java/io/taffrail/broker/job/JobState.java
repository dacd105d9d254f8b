package io.taffrail.broker.job;

import io.taffrail.log.LogFailedException;
import java.util.Locale;

/**
 * The states of a job:
 *
 * <pre>
 * SCHEDULED ──due──► QUEUED ──handed out──► RUNNING ──acknowledged──► SUCCEEDED
 *                     ▲  ▲                    │  │
 *                     │  └─broker restarted───┘  ├──rejected, requeued, timed out──► FAILED
 *                     └──────────────────────────│──────────due────────────────────────┘
 *                                                └──no attempt left──► DEAD ──retried──► QUEUED
 * any but the final ones ──cancelled, or the queue is purged──► CANCELLED
 * SCHEDULED, QUEUED, FAILED ──a worker reports success all the same──► SUCCEEDED
 * SCHEDULED, QUEUED, FAILED ──the queue is deleted, or gives the message up──► DEAD
 * </pre>
 */
public enum JobState {
    /** Not yet due. Its record holds the message. */
    SCHEDULED(1, false),
    /** Ready: its message is in its queue. */
    QUEUED(2, false),
    /** Handed out to a worker. */
    RUNNING(3, false),
    /** An attempt failed, and the next one is not yet due. Its record holds the message. */
    FAILED(4, false),
    /** Done by a worker. */
    SUCCEEDED(5, true),
    /** Given up after its last attempt. Its record holds the message, for a retry by hand. */
    DEAD(6, true),
    /** Withdrawn by a client, or with its queue's messages. */
    CANCELLED(7, true);

    private final int code;
    private final boolean last;

    /**
     * @param code
     *            number in the log; never changed
     */
    JobState(int code, boolean last) {
        this.code = code;
        this.last = last;
    }

    /** Whether the state is a final one. A dead job leaves it only when it is retried by hand. */
    public boolean isFinal() {
        return last;
    }

    /** Whether the job waits for its time, outside of its queue. */
    public boolean isWaiting() {
        return this == SCHEDULED || this == FAILED;
    }

    /** Whether the record of a job in this state holds its message. */
    boolean holdsMessage() {
        return isWaiting() || this == DEAD;
    }

    /** Whether a job may go from this state to another one. */
    boolean leadsTo(JobState next) {
        return switch (this) {
            case SCHEDULED, FAILED -> next != FAILED && next != RUNNING;
            case QUEUED -> next != SCHEDULED && next != FAILED;
            case RUNNING -> next != SCHEDULED;
            case DEAD -> next == QUEUED;
            case SUCCEEDED, CANCELLED -> false;
        };
    }

    /** The name in documents and protocols. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    int code() {
        return code;
    }

    /**
     * The state of a number in the log.
     *
     * @throws LogFailedException
     *             if there is none
     */
    static JobState of(int code) {
        for (JobState each : values()) {
            if (each.code == code) {
                return each;
            }
        }
        throw new LogFailedException("there is no state " + code + " of a job");
    }
}
