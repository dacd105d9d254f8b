package io.taffrail.broker.job;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The terms of a job, set when it was enqueued and never changed.
 *
 * @param queue
 *            name of the queue
 * @param type
 *            kind of the job, for people and workers; may be empty
 * @param timeoutMs
 *            longest duration of an attempt in milliseconds; 0: none
 * @param uniqueKey
 *            no other unfinished job of the host has this key; empty: none
 * @param idempotency
 *            hash of the idempotency key, or null
 * @param fingerprint
 *            hash of the content that came with the key; null without a key
 * @param extra
 *            attributes that a binding keeps with the job, as JSON; empty: none
 */
public record JobTerms(String queue, String type, RetryPolicy retry, long timeoutMs,
        String uniqueKey, @Nullable UUID idempotency, @Nullable UUID fingerprint, String extra) {

    /** Longest time-out of an attempt in milliseconds. */
    public static final long LONGEST_TIMEOUT_MS = 7L * 24 * 3600 * 1000;
    /** Most characters of a type or a key. */
    public static final int MAX_KEY_CHARS = 255;
    /** Most characters of the attributes. */
    public static final int MAX_EXTRA_CHARS = 64 << 10;

    public JobTerms {
        if (timeoutMs < 0 || timeoutMs > LONGEST_TIMEOUT_MS) {
            throw JobException.invalid("a time-out is 0 s to 7 days");
        }
        if (type.length() > MAX_KEY_CHARS || uniqueKey.length() > MAX_KEY_CHARS) {
            throw JobException.invalid("a type or a unique key has at most " + MAX_KEY_CHARS
                    + " characters");
        }
        if (extra.length() > MAX_EXTRA_CHARS) {
            throw JobException.invalid("the attributes of a job have at most " + MAX_EXTRA_CHARS
                    + " characters");
        }
    }
}
