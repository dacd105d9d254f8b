package io.taffrail.simulation.world;

/** A simulated run that is determined by a seed. */
public interface Run {

    /**
     * Runs to the end.
     *
     * @throws Violation
     *             if an invariant does not hold
     */
    void run();

    /** The events so far. */
    Trace trace();
}
