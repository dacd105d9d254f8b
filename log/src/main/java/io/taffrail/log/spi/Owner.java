package io.taffrail.log.spi;

import java.util.concurrent.Executor;

/** The one thread that may change a log: an event loop, seen without its sockets. */
public interface Owner extends Executor {

    /** Whether the calling thread is this owner's. */
    boolean isCurrent();

    /**
     * Runs a command when the owner has looked at all its other work once more, sockets among it,
     * so that one that repeats itself keeps nobody waiting. For commands whose order among others
     * does not matter; on the owner's thread.
     */
    default void executeLater(Runnable command) {
        execute(command);
    }

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
