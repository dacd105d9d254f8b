package io.taffrail.simulation.world;

/** A simulated run that a seed decides. */
public interface Run {

    /**
     * Runs to the end.
     *
     * @throws Violation
     *             if an invariant does not hold
     */
    void run();

    /** What has happened so far. */
    Trace trace();
}
