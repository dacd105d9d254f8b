package io.taffrail.simulation.letters;

import io.taffrail.simulation.machine.Lives;

/**
 * A run of a broker whose outboxes throw at most once per life. The loader of the classes
 * determines the points: see {@link io.taffrail.simulation.world.Mischief}.
 */
public final class FailingLetterRun extends Lives<LetterMachine> {

    public FailingLetterRun(long seed) {
        super(seed, world -> new LetterWorkload(world, true));
    }
}
