package io.taffrail.broker.schedule;

import io.taffrail.log.spi.Registration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The broker's time: the time of day, and the elapsed time that waits go by. In production both are
 * the machine's. In a test both can jump ahead; whatever waits for a time then has to look again,
 * and is told. Safe for any thread.
 */
public interface TimeSource extends InstantSource {

    /** Elapsed time of any origin, as {@link System#nanoTime}. */
    long nanoTime();

    /** Whether time can jump. */
    boolean jumps();

    /**
     * Runs a listener after each jump, on the thread that has time jump, after those that were
     * registered before; it may block.
     *
     * @return closed when the listener waits for nothing any more
     */
    Registration onJump(Runnable listener);

    /** This clock, if it is a source of time; else this clock and the machine's elapsed time. */
    static TimeSource of(InstantSource clock) {
        return clock instanceof TimeSource time ? time : new MachineTime(clock);
    }

    /** The machine's time. */
    static TimeSource system() {
        return MachineTime.system();
    }

    /**
     * Elapsed time of the machine, which never jumps: the one place where the domain asks it, for
     * those that were given no other time.
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
