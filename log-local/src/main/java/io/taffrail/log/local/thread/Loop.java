package io.taffrail.log.local.thread;

import java.time.Duration;

/** A thread that does the same thing over and over and sleeps while there is nothing to do. */
public interface Loop {

    /** What to do after a turn. */
    enum Next {
        /** Take the next turn at once. */
        AGAIN,
        /** Take the next turn after a {@link #signal}. */
        SLEEP,
        /** Take the next turn after a signal, or {@link #NAP}. */
        NAP,
        /** The loop has ended. */
        END
    }

    /** How long a nap lasts at most. */
    Duration NAP = Duration.ofMillis(250);

    /** One turn. What it throws ends the thread. */
    interface Turn {
        Next take();
    }

    /**
     * Has another turn taken. A signal during a turn is not lost; several may have one turn as
     * their
     * answer.
     */
    void signal();

    /**
     * Waits until a turn has ended the loop.
     *
     * @return false if that takes longer than {@code patience}; it goes on then
     */
    boolean join(Duration patience);
}
