package io.taffrail.simulation.machine;

/**
 * Amount and speed of the work in one life.
 *
 * @param least
 *            smallest number of client actions
 * @param most
 *            largest number of client actions
 * @param steps
 *            upper bound (exclusive) of the machine's steps between two actions
 * @param breathMs
 *            upper bound (exclusive) of the time between two actions, in milliseconds
 * @param pauseMs
 *            the same bound for one action in {@code pauseOnceIn}
 */
public record LifePace(int least, int most, int steps, int breathMs, int pauseMs,
        int pauseOnceIn) {}
