package io.taffrail.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.simulation.letters.LetterRun;
import io.taffrail.simulation.world.Seeds;
import org.junit.jupiter.api.Test;

/**
 * Messages that move from queues to topics of this and another owner are in one place over any
 * crash. {@code -Dtaffrail.seed=} replays a failure.
 */
final class LetterSimulationTest {

    private static final int SEEDS = 120;

    @Test
    void everyLetterIsInOnePlaceOverAnyCrash() {
        Trial.of("letters", SEEDS, LetterRun::new);
    }

    @Test
    void aSeedDecidesEverything() {
        for (long seed = 1; seed <= 10; seed++) {
            assertThat(Seeds.run("letters", seed, LetterRun::new).hash())
                    .isEqualTo(Seeds.run("letters", seed, LetterRun::new).hash());
        }
    }
}
