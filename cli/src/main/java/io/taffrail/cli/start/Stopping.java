package io.taffrail.cli.start;

import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.log.text.Printable;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * How a running broker ends:
 *
 * <pre>
 * first signal ──► parts are closed in order ──► exit code 0, or 1 if one was not closed cleanly
 *       │                    └─ deadline (and a grace) over ──► 1
 * second signal ──► 128 + its number, at once
 * </pre>
 *
 * Whatever is cut short, the next start recovers what was acknowledged. Safe for any thread.
 */
final class Stopping {

    /** For what has to be said after the deadline, should standard error be full. */
    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final int SIGNAL = 128;

    private final AutoCloseable running;
    private final Duration timeout;
    private final Consumer<String> out;
    private final IntConsumer halt;
    private final AtomicBoolean begun = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * Prepares for a stop.
     *
     * @param running
     *            what is closed, within the time-out
     * @param halt
     *            ends the process with an exit code
     */
    Stopping(AutoCloseable running, Duration timeout, Consumer<String> out, IntConsumer halt) {
        this.running = running;
        this.timeout = timeout;
        this.out = out;
        this.halt = halt;
    }

    /** A signal came: the first one stops, the second ends at once. Does not block. */
    void signal(int number) {
        if (begun.compareAndSet(false, true)) {
            begin();
        } else {
            Thread.ofPlatform().daemon().name("taffrail-stop-now").start(() -> {
                said(() -> complain("a second signal: ended at once"));
                halt.accept(SIGNAL + number);
            });
        }
    }

    /** The JVM ends, for another reason than a signal: stops, and returns when that is done. */
    void atExit() {
        if (begun.compareAndSet(false, true)) {
            begin();
        }
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void begin() {
        Thread.ofPlatform().daemon().name("taffrail-stop-deadline").start(this::watch);
        Thread.ofPlatform().name("taffrail-stop").start(this::stop);
    }

    private void stop() {
        int code = ExitCode.FAILURE;
        try {
            out.accept("stopping");
            running.close();
            out.accept("stopped");
            code = ExitCode.OK;
        } catch (Exception e) {
            complain("not stopped cleanly: " + e.getMessage());
            for (Throwable part : e.getSuppressed()) {
                complain("  " + part);
            }
            complain("the next start recovers what was acknowledged");
        } finally {
            closed.countDown();
            halt.accept(code);
        }
    }

    /** Ends the process though closing, or a full pipe of what was said, hangs. */
    private void watch() {
        try {
            if (!closed.await(timeout.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS)) {
                said(() -> complain("not stopped within " + timeout.toMillis()
                        + " ms (stop.timeout); the next start recovers what was acknowledged"));
                halt.accept(ExitCode.FAILURE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says something, and waits a moment at most for somebody to read it. */
    private static void said(Runnable message) {
        Thread speaker = Thread.ofPlatform().daemon().name("taffrail-stop-says").start(message);
        try {
            speaker.join(GRACE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void complain(String line) {
        System.err.println("taffrail: " + Printable.of(line));
        System.err.flush();
    }
}
