package io.taffrail.broker.schedule;

import io.taffrail.log.spi.Registration;

/** Runs tasks later on one owner's thread. Called on that thread. */
@FunctionalInterface
public interface Timers {

    /**
     * Runs a task once, unless the result is closed before.
     *
     * @param delayMs
     *            at least 0
     */
    Registration after(long delayMs, Runnable task);
}
