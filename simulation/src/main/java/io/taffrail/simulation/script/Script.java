package io.taffrail.simulation.script;

/** A short sequence of actions on a broker, and the promises it was given. For one run. */
public interface Script {

    /** Prepares the broker; no crash occurs meanwhile. */
    void prepare(ScriptMachine machine);

    /** Performs the actions, in which a crash may occur at any operation of the disk. */
    void play(ScriptMachine machine);

    /**
     * Checks the promises after a start.
     *
     * @throws io.taffrail.simulation.world.Violation
     *             if one is broken
     */
    void check(ScriptMachine machine);
}
