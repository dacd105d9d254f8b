package io.taffrail.simulation.machine;

import io.taffrail.simulation.disk.SimDisk;
import io.taffrail.simulation.world.Dice;
import io.taffrail.simulation.world.SimClock;
import io.taffrail.simulation.world.Trace;

/** The parts of a run that all lives of a machine share: dice, trace, clock and disk. */
public record World(Dice dice, Trace trace, SimClock clock, SimDisk disk) {

    public static World of(long seed) {
        Dice dice = new Dice(seed);
        Trace trace = new Trace();
        return new World(dice, trace, new SimClock(), new SimDisk(dice.split(), trace));
    }
}
