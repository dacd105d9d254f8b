package io.taffrail.cli.start;

import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.text.Printable;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Shutdown sequence of a running broker:
 *
 * <pre>
 * first signal ──► parts are closed in order ──► exit code 0, or 1 if one was not closed cleanly
 *       │                    └─ deadline (and a grace) over ──► 1
 * second signal ──► 128 + its number, at once
 * disk failure ──► 8, at once
 * </pre>
 *
 * Even if a stop is cut short, the next start recovers everything acknowledged.
 * Safe for any thread.
 */
final class Stopping {

    /** Extra time to print a message after the deadline, in case standard error is a full pipe. */
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
     *            closed by a stop
     * @param timeout
     *            time for {@code running} to close
     * @param out
     *            receives progress messages
     * @param halt
     *            ends the process with an exit code
     */
    Stopping(AutoCloseable running, Duration timeout, Consumer<String> out, IntConsumer halt) {
        this.running = running;
        this.timeout = timeout;
        this.out = out;
        this.halt = halt;
    }

    /**
     * Handles a signal: the first starts a clean stop, the second ends the process. Does not block.
     */
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

    /** Called when the JVM exits without a signal: stops, and returns when the broker is closed. */
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

    /**
     * Ends the process after a disk failure. A clean stop would have to write to the failed
     * disk. The next start recovers all acknowledged records from the journal;
     * unacknowledged ones may be lost.
     */
    void crash(LogFailedException failure) {
        try {
            said(() -> {
                complain(String.valueOf(failure.getMessage()));
                complain("stopped; look after the disk, then start again");
            });
        } finally {
            halt.accept(ExitCode.STORAGE_FAILED);
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

    /** Ends the process at the deadline, even if closing or writing a message hangs. */
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

    /** Prints a message on another thread and waits at most the grace time for it. */
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
