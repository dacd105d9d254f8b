package io.taffrail.simulation.machine;

import io.taffrail.simulation.world.Violation;

/** The work of a run on a machine, and the check of the promises made to its clients. */
public interface MachineWorkload<M extends Machine> {

    Setting setting();

    LifePace pace();

    /**
     * Starts a machine on the disk as it is, with the objects that every life needs.
     *
     * @param number
     *            number of the life, from 1
     */
    M start(int number);

    /** Connects clients to a machine that has none. */
    Clients clients(M machine);

    /**
     * Checks the whole state while no client is connected.
     *
     * @throws Violation
     *             if a promise is broken
     */
    void check(M machine);

    /**
     * Checks the whole state after the last client has left; called in two lives with a clean
     * stop between them.
     */
    default void checkLast(M machine) {
        check(machine);
    }

    /** Called after a clean stop during whose life the disk did not fail. */
    default void stopped() {
        // Most workloads promise nothing more after a clean stop.
    }

    /** False if lives end with a kill of the process instead of a power cut. */
    default boolean mayLosePower() {
        return true;
    }

    /** Called at the end of a life, however it ended. */
    void machineDied();
}
