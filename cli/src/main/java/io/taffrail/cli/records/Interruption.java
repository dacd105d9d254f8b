package io.taffrail.cli.records;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command that is ended by a signal finish what it is doing: the signal asks it to stop and
 * waits for it, a few seconds at most. To be closed last, when all is done.
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

    /** Whether the process has been told to end. */
    boolean stopped() {
        return stopped;
    }

    /** Has this called, on another thread, when the process is told to end. */
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
            // The process is ending: the hook is what runs.
            return;
        }
    }
}
