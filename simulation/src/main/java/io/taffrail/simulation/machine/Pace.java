package io.taffrail.simulation.machine;

/**
 * How much is done in one life, and how fast.
 *
 * @param least
 *            fewest things that clients do
 * @param most
 *            most of them
 * @param steps
 *            of the machine between two of them, below which it is
 * @param breathMs
 *            time between two of them, below which it is
 * @param pauseMs
 *            the same, once in {@code pauseOnceIn}
 */
public record Pace(int least, int most, int steps, int breathMs, int pauseMs, int pauseOnceIn) {}
