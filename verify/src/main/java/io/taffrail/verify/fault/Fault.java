package io.taffrail.verify.fault;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What can be done to a broker. */
public enum Fault {

    /** SIGKILL, and a start. */
    KILL(true, false),
    /** SIGSTOP, and SIGCONT after a while. */
    STOP(false, false),
    /** SIGTERM, and a start. */
    RESTART(true, false),
    /** Everything that was not forced to disk is lost; then a start. */
    POWER_CUT(true, true),
    /** No space is left for a while. */
    DISK_FULL(true, true),
    /** Writes are slow for a while. */
    SLOW_DISK(true, true);

    private final boolean needsStart;
    private final boolean needsDisk;

    Fault(boolean needsStart, boolean needsDisk) {
        this.needsStart = needsStart;
        this.needsDisk = needsDisk;
    }

    /** Whether the broker must be started by us. */
    public boolean needsStart() {
        return needsStart;
    }

    /** Whether the broker must be on a disk of its own. */
    public boolean needsDisk() {
        return needsDisk;
    }

    /** For people, for example {@code power-cut}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Fault> of(String label) {
        return Stream.of(values()).filter(fault -> fault.label().equals(label)).findFirst();
    }
}
