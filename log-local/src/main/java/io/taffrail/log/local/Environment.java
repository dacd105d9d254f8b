package io.taffrail.log.local;

import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.thread.Threads;
import java.time.InstantSource;

/**
 * The operating environment of an engine; a simulation supplies its own.
 *
 * @param disk
 *            file system
 * @param clock
 *            source of the time of day
 * @param threads
 *            source of threads
 */
public record Environment(Disk disk, InstantSource clock, Threads threads) {

    /** The operating system's files and the platform's threads. */
    public static Environment real(InstantSource clock) {
        return new Environment(Disk.real(), clock, Threads.platform());
    }
}
