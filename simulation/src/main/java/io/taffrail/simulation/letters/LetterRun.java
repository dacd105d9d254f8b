package io.taffrail.simulation.letters;

import io.taffrail.simulation.machine.Lives;

/** A run of a broker whose messages move between owners. */
public final class LetterRun extends Lives<LetterMachine> {

    public LetterRun(long seed) {
        super(seed, world -> new LetterWorkload(world, false));
    }
}
