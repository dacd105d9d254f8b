package io.taffrail.log.spi;

import java.util.concurrent.Executor;

/** The single thread that may change a log: an event loop, without its sockets. */
public interface Owner extends Executor {

    /** Returns whether the calling thread is this owner's. */
    boolean isCurrent();

    /**
     * Runs {@code command} after the owner has served its other work once,
     * including sockets, so that a command that resubmits itself does not starve them.
     * The order relative to other commands is not defined. Called on the owner's thread.
     */
    default void executeLater(Runnable command) {
        execute(command);
    }

    /**
     * Returns an owner that runs every command immediately on the calling thread,
     * for single-threaded tests and tools.
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
