package io.taffrail.broker.job;

/**
 * When a failed job is tried again.
 *
 * @param attempts
 *            most attempts, at least 1
 * @param firstDelayMs
 *            pause after the first failure
 * @param factor
 *            growth of the pause with each failure, at least 1
 * @param maxDelayMs
 *            longest pause
 * @param jitter
 *            whether each pause is shortened by up to half, so that jobs that failed together are
 *            not tried together
 */
public record RetryPolicy(int attempts, long firstDelayMs, double factor, long maxDelayMs,
        boolean jitter) {

    /** Three attempts, the second after a second. */
    public static final RetryPolicy USUAL = new RetryPolicy(3, 1000, 2, 300_000, true);

    /** Largest number of attempts. */
    public static final int MOST_ATTEMPTS = 100_000;
    /** Longest pause: a year. */
    public static final long LONGEST_MS = 365L * 24 * 3600 * 1000;

    public RetryPolicy {
        if (attempts < 1 || attempts > MOST_ATTEMPTS) {
            throw JobException.invalid("a job has 1 to " + MOST_ATTEMPTS + " attempts, not "
                    + attempts);
        }
        if (firstDelayMs < 0 || firstDelayMs > LONGEST_MS || maxDelayMs < 0
                || maxDelayMs > LONGEST_MS) {
            throw JobException.invalid("a pause between attempts lasts 0 s to 365 days");
        }
        if (!(factor >= 1 && factor <= 1000)) {
            throw JobException.invalid("a pause grows by a factor of 1 to 1000, not " + factor);
        }
    }

    /**
     * The pause after a failed attempt, in milliseconds.
     *
     * @param attempt
     *            number of the attempt that failed, from 1
     * @param chance
     *            a random number
     */
    long delayMs(int attempt, long chance) {
        double grown = firstDelayMs * Math.pow(factor, Math.max(0, attempt - 1));
        long delayMs = (long) Math.min(grown, (double) maxDelayMs);
        if (!jitter || delayMs < 2) {
            return delayMs;
        }
        return delayMs - Math.floorMod(chance, delayMs / 2);
    }
}
