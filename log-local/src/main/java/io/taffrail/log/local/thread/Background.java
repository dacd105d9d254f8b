package io.taffrail.log.local.thread;

import java.time.Duration;
import java.util.concurrent.Executor;

/** Runs tasks without an order. */
public interface Background extends Executor {

    /**
     * Takes no more tasks and waits for those it has.
     *
     * @return false if that takes longer than {@code patience}; they go on then
     */
    boolean end(Duration patience);
}
