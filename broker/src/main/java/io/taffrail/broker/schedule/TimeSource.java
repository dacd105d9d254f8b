package io.taffrail.broker.schedule;

import io.taffrail.log.spi.Registration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The broker's time: the time of day, and the elapsed time that timers use. In production both are
 * the machine's. In a test both can jump ahead; components that wait for a time are then told to
 * check again. Safe for any thread.
 */
public interface TimeSource extends InstantSource {

    /** Elapsed time in nanoseconds of any origin, as {@link System#nanoTime}. */
    long nanoTime();

    /** Whether time can jump. */
    boolean jumps();

    /**
     * Adds a listener that runs after each jump, on the thread that makes time jump, after
     * listeners registered earlier; it may block.
     *
     * @return to be closed when the listener no longer waits
     */
    Registration onJump(Runnable listener);

    /**
     * The clock itself if it is a time source; otherwise the clock with the machine's elapsed time.
     */
    static TimeSource of(InstantSource clock) {
        return clock instanceof TimeSource time ? time : new MachineTime(clock);
    }

    /** The machine's time. */
    static TimeSource system() {
        return MachineTime.system();
    }

    /**
     * The machine's elapsed time, which never jumps. Only here does the domain read it, for
     * components that were given no other time source.
     */
    record MachineTime(InstantSource clock) implements TimeSource {

        private static final Registration NEVER = () -> {};

        static TimeSource system() {
            return new MachineTime(InstantSource.system());
        }

        @Override
        public Instant instant() {
            return clock.instant();
        }

        @Override
        public long millis() {
            return clock.millis();
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public boolean jumps() {
            return false;
        }

        @Override
        public Registration onJump(Runnable listener) {
            return NEVER;
        }
    }
}
