package io.taffrail.simulation.world;

/** An invariant does not hold. */
public final class Violation extends AssertionError {

    private static final long serialVersionUID = 1;

    public Violation(String invariant, String detail) {
        super(invariant + ": " + detail);
    }

    public Violation(String invariant, String detail, Throwable cause) {
        super(invariant + ": " + detail, cause);
    }
}
