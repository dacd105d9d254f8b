package io.taffrail.cli.records;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets a command that is ended by a signal finish what it is doing: the signal asks it to stop and
 * waits for it, a few seconds at most.
 */
final class Interruption implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 5;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook;

    private Interruption(Runnable stop) {
        this.hook = new Thread(() -> {
            stop.run();
            try {
                if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    System.err.println("taffrail: stopped before it was finished");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, "interruption");
    }

    /** Calls this, on another thread, when the process is told to end. */
    static Interruption by(Runnable stop) {
        Interruption interruption = new Interruption(stop);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
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
