package io.taffrail.log.local;

import io.taffrail.log.local.disk.Disk;
import io.taffrail.log.local.thread.Threads;
import java.time.InstantSource;

/**
 * What an engine has of the world.
 *
 * @param disk
 *            its files
 * @param clock
 *            its time
 * @param threads
 *            where its work runs
 */
public record Environment(Disk disk, InstantSource clock, Threads threads) {

    /** The operating system's files and the platform's threads. */
    public static Environment real(InstantSource clock) {
        return new Environment(Disk.real(), clock, Threads.platform());
    }
}
