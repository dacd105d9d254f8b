package io.taffrail.simulation;

import io.taffrail.simulation.script.ScriptSweepRun;
import org.junit.jupiter.api.Test;

/**
 * Short scripts on a broker, each repeated with a crash at every operation of its disk.
 * {@code -Dtaffrail.seed=} replays a failure.
 */
final class ScriptSweepTest {

    /** Each script with a kill and with a power cut. */
    private static final int SEEDS = 8;

    @Test
    void mayEndAtAnyOperationOfTheDisk() {
        Trial.of("scripts", SEEDS, ScriptSweepRun::new);
    }
}
