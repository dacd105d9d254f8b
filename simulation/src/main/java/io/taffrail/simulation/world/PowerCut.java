package io.taffrail.simulation.world;

/**
 * Thrown when the simulated machine dies in the middle of an operation; must not be caught
 * and ignored. A {@link VirtualMachineError}, so that no guard treats it as the failure
 * of one component.
 */
public final class PowerCut extends VirtualMachineError {

    private static final long serialVersionUID = 1;

    public PowerCut() {
        super("the simulated machine died");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
