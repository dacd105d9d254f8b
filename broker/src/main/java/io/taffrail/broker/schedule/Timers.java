package io.taffrail.broker.schedule;

import io.taffrail.log.spi.Registration;

/** The timers of one owner. Called on the owner's thread, and tasks run there. */
@FunctionalInterface
public interface Timers {

    /**
     * Runs a task once after a delay, unless the result is closed before.
     *
     * @param delayMs
     *            at least 0, in milliseconds
     */
    Registration after(long delayMs, Runnable task);
}
