package io.taffrail.log.local.thread;

import io.taffrail.log.spi.Owner;
import java.time.Duration;

/** One thread that runs tasks in the order in which they came. */
public interface Worker extends Owner {

    /** Runs a task again and again, each time so long after its last end. */
    void every(Duration pause, Runnable task);

    /** Whether it was told to end. */
    boolean isEnding();

    /**
     * Takes no more tasks, runs what it has and waits for that.
     *
     * @return false if that takes longer than {@code patience}; it goes on then
     */
    boolean end(Duration patience);

    /** Drops what it has not begun. */
    void abandon();
}
