package io.taffrail.simulation.world;

/**
 * The simulated machine died in the middle of what it did; nothing may catch this and go on. An
 * error of the virtual machine, so that no guard takes it for the failure of a part.
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
