package io.taffrail.cli.records;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command finish its work when a signal ends the process: a shutdown hook tells the command
 * to stop and waits up to five seconds for it. Close this last.
 */
final class Interruption implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 5;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "interruption");
    private volatile boolean stopped;
    private volatile Runnable wake = () -> {};

    Interruption() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** True once the process has been told to end. */
    boolean stopped() {
        return stopped;
    }

    /**
     * Runs {@code waiting} on another thread when the process is told to end, or now
     * if it already was.
     */
    void wakes(Runnable waiting) {
        wake = waiting;
        if (stopped) {
            waiting.run();
        }
    }

    private void stop() {
        stopped = true;
        wake.run();
        try {
            if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("taffrail: stopped before it was finished");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending, and this hook is running.
            return;
        }
    }
}
