package io.taffrail.simulation.world;

/** The simulated machine died in the middle of what it did; nothing may catch this and go on. */
public final class PowerCut extends Error {

    private static final long serialVersionUID = 1;

    public PowerCut() {
        super("the simulated machine died", null, false, false);
    }
}
