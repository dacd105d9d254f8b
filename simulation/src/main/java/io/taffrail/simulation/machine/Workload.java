package io.taffrail.simulation.machine;

import io.taffrail.simulation.world.Violation;

/** What a run does with a machine, what it was promised, and whether that is kept. */
public interface Workload<M extends Machine> {

    Setting setting();

    Pace pace();

    /**
     * A machine on the disk as it was left, with what every life begins with.
     *
     * @param number
     *            of the life, from 1
     */
    M start(int number);

    /** Clients of a machine that nobody uses yet. */
    Clients clients(M machine);

    /**
     * Looks at everything there is; nobody uses the machine.
     *
     * @throws Violation
     *             if a promise is broken
     */
    void check(M machine);

    /** The same after the last client has gone; done in two lives, with a good end between them. */
    default void checkLast(M machine) {
        check(machine);
    }

    /** The machine was stopped in good order, and its disk has not failed. */
    default void stopped() {
        // Most promise nothing more for that.
    }

    /** A life is over, in whatever way. */
    void machineDied();
}
