package io.taffrail.verify.fault;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A kind of fault. */
public enum Fault {

    /** SIGKILL, then a start. */
    KILL(true, false),
    /** SIGSTOP, and SIGCONT after the hold time. */
    STOP(false, false),
    /** SIGTERM, then a start. */
    RESTART(true, false),
    /** Loss of all data that was not forced to disk, then a start. */
    POWER_CUT(true, true),
    /** No free disk space during the hold time. */
    DISK_FULL(true, true),
    /** A limited write rate during the hold time. */
    SLOW_DISK(true, true);

    private final boolean needsStart;
    private final boolean needsDisk;

    Fault(boolean needsStart, boolean needsDisk) {
        this.needsStart = needsStart;
        this.needsDisk = needsDisk;
    }

    /** Returns whether the fault needs a broker that this run has started. */
    public boolean needsStart() {
        return needsStart;
    }

    /** Returns whether the fault needs a separate disk for the broker. */
    public boolean needsDisk() {
        return needsDisk;
    }

    /** Returns the name for options and reports, for example {@code power-cut}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the fault with this {@link #label}. */
    public static Optional<Fault> of(String label) {
        return Stream.of(values()).filter(fault -> fault.label().equals(label)).findFirst();
    }
}
