package io.taffrail.simulation.world;

/**
 * Thrown if an invariant does not hold. A {@link VirtualMachineError}, so that no guard treats it
 * as the failure of one component and continues.
 */
public final class Violation extends VirtualMachineError {

    private static final long serialVersionUID = 1;

    public Violation(String invariant, String detail) {
        super(invariant + ": " + detail);
    }

    public Violation(String invariant, String detail, Throwable cause) {
        super(invariant + ": " + detail, cause);
    }
}
