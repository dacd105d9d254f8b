package io.taffrail.log.local.thread;

import java.time.Duration;
import java.util.concurrent.Executor;

/** An executor of tasks in no particular order. */
public interface Background extends Executor {

    /**
     * Refuses further tasks and waits for the accepted ones.
     *
     * @return false if they did not end within {@code patience}; they keep running
     */
    boolean end(Duration patience);
}
