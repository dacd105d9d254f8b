package io.taffrail.log;

/** What an acknowledged append has survived. */
public enum Durability {

    /** Forced to disk: survives loss of power. */
    FSYNC,

    /** Handed to the operating system: survives the death of the process, not of the machine. */
    OS,

    /** Kept until the broker stops: the log is empty after a restart. */
    MEMORY
}
