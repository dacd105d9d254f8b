package io.taffrail.log.spi;

import java.util.concurrent.Executor;

/** The one thread that may change a log: an event loop, seen without its sockets. */
public interface Owner extends Executor {

    /** Whether the calling thread is this owner's. */
    boolean isCurrent();

    /**
     * An owner that runs everything at once on the calling thread; for tests and tools of one
     * thread.
     */
    static Owner direct() {
        return new Owner() {
            @Override
            public boolean isCurrent() {
                return true;
            }

            @Override
            public void execute(Runnable command) {
                command.run();
            }
        };
    }
}
