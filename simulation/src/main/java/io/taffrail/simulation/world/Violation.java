package io.taffrail.simulation.world;

/**
 * An invariant does not hold. An error of the virtual machine, so that no guard takes it for the
 * failure of a part and goes on.
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
