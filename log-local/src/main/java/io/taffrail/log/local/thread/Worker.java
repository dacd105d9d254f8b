package io.taffrail.log.local.thread;

import io.taffrail.log.spi.Owner;
import java.time.Duration;

/** A thread that runs tasks in the order of their submission. */
public interface Worker extends Owner {

    /** Runs a task periodically, with {@code pause} between the end of one run and the next. */
    void every(Duration pause, Runnable task);

    /** True once {@link #end} or {@link #abandon} was called. */
    boolean isEnding();

    /**
     * Refuses further tasks and waits for the accepted ones.
     *
     * @return false if they did not end within {@code patience}; they keep running
     */
    boolean end(Duration patience);

    /** Discards tasks that have not started. */
    void abandon();
}
