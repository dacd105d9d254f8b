package io.taffrail.simulation.letters;

import io.taffrail.simulation.machine.Lives;

/** One run of a broker whose messages go from owner to owner, from one seed. */
public final class LetterRun extends Lives<LetterMachine> {

    public LetterRun(long seed) {
        super(seed, LetterWorkload::new);
    }
}
