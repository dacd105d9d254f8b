package io.taffrail.log;

/** The failure that an acknowledged append survives. */
public enum Durability {

    /** Forced to disk: the append survives a loss of power. */
    FSYNC,

    /**
     * Written to the operating system: the append survives the end of the process,
     * but not of the machine.
     */
    OS,

    /** Kept until the broker stops: the log is empty after a restart. */
    MEMORY
}
