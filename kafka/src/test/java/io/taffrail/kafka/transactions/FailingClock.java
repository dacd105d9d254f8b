package io.taffrail.kafka.transactions;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The system's clock, which can be set ahead, and can fail once. */
final class FailingClock implements InstantSource {

    private record Reads(String method, CountDownLatch left) {}

    private volatile @Nullable String method;
    private volatile @Nullable Reads awaited;
    private volatile Duration ahead = Duration.ZERO;

    void advance(Duration by) {
        ahead = ahead.plus(by);
    }

    /** Throws once when the time is read below a method of this name. */
    void failOnceIn(String name) {
        method = name;
    }

    /** Whether the failure has happened. */
    boolean hasFailed() {
        return method == null;
    }

    /** Waits until the time was read so many more times below a method of this name. */
    void awaitReadsIn(String name, int times) throws InterruptedException {
        Reads reads = new Reads(name, new CountDownLatch(times));
        awaited = reads;
        if (!reads.left().await(60, TimeUnit.SECONDS)) {
            throw new AssertionError("nothing reads the time in " + name);
        }
    }

    private static boolean isIn(String name) {
        return StackWalker.getInstance().walk(
                frames -> frames.anyMatch(frame -> frame.getMethodName().equals(name)));
    }

    @Override
    public Instant instant() {
        Reads reads = awaited;
        if (reads != null && isIn(reads.method())) {
            reads.left().countDown();
        }
        String name = method;
        if (name != null && isIn(name)) {
            method = null;
            throw new IllegalStateException("the clock fails, as the test wants");
        }
        return InstantSource.system().instant().plus(ahead);
    }
}
