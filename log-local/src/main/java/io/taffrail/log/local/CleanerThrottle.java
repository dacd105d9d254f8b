package io.taffrail.log.local;

import io.taffrail.log.local.thread.Threads;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;

/**
 * The rate limit that all cleaner threads share: bytes read and written per second. A thread that
 * is ahead of the rate sleeps; the end of the engine wakes it at once. Thread-safe.
 */
final class CleanerThrottle {

    /** Shorter waits are added up until they are worth a sleep. */
    private static final long SHORTEST_MS = 50;
    /** Longest sleep before the rate, which may have changed, is looked at again. */
    private static final long LONGEST_MS = 500;

    private final InstantSource clock;
    private final Threads threads;
    private final CompletableFuture<Void> ending;
    private double bytesPerSecond;
    /** Bytes beyond the rate at {@code sinceMs}. */
    private double aheadBytes;
    private long sinceMs;
    private long waitedMs;

    /** Receives the beginning (true) and the end of a wait. */
    interface Waiting {
        void waits(boolean now);
    }

    /**
     * @param ending
     *            completed when the engine ends
     */
    CleanerThrottle(double bytesPerSecond, InstantSource clock, Threads threads,
            CompletableFuture<Void> ending) {
        this.bytesPerSecond = bytesPerSecond;
        this.clock = clock;
        this.threads = threads;
        this.ending = ending;
        this.sinceMs = clock.millis();
    }

    /** Changes the rate; sleeping threads notice it within {@value #LONGEST_MS} ms. */
    synchronized void rate(double value) {
        waitMs(0);
        bytesPerSecond = value;
    }

    /** Counts bytes that were read or written, and waits until the rate permits more. */
    void pay(long bytes, Waiting waiting) {
        long waitMs = waitMs(bytes);
        if (waitMs < SHORTEST_MS) {
            return;
        }
        waiting.waits(true);
        try {
            while (waitMs > 0 && !ending.isDone()) {
                long beganMs = clock.millis();
                var _ = threads.await(ending, Duration.ofMillis(Math.min(waitMs, LONGEST_MS)));
                waitMs = waitMs(0);
                waited(clock.millis() - beganMs);
            }
        } finally {
            waiting.waits(false);
        }
    }

    /** Time until the bytes so far are within the rate, in milliseconds. */
    private synchronized long waitMs(long bytes) {
        long nowMs = clock.millis();
        double permitted = bytesPerSecond * Math.max(0, nowMs - sinceMs) / 1000;
        aheadBytes = Math.max(0, aheadBytes - permitted) + bytes;
        sinceMs = nowMs;
        return (long) Math.ceil(aheadBytes * 1000 / bytesPerSecond);
    }

    private synchronized void waited(long ms) {
        waitedMs += Math.max(0, ms);
    }

    /** Time that threads waited, added up. */
    synchronized Duration waited() {
        return Duration.ofMillis(waitedMs);
    }
}
