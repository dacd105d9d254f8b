package io.taffrail.log.local.thread;

import java.time.Duration;

/** A thread that takes turns repeatedly and sleeps while it has no work. */
public interface Loop {

    /** The action after a turn. */
    enum Next {
        /** Take the next turn at once. */
        AGAIN,
        /** Take the next turn after a {@link #signal}. */
        SLEEP,
        /** Take the next turn after a signal, at the latest after {@link #NAP}. */
        NAP,
        /** The loop has ended. */
        END
    }

    /** Longest duration of a nap. */
    Duration NAP = Duration.ofMillis(250);

    /** One turn. An exception ends the thread. */
    interface Turn {
        Next take();
    }

    /**
     * Requests another turn. A signal during a turn is not lost; one turn may answer
     * several signals.
     */
    void signal();

    /**
     * Waits until a turn has ended the loop.
     *
     * @return false if it did not end within {@code patience}; it keeps running
     */
    boolean join(Duration patience);
}
