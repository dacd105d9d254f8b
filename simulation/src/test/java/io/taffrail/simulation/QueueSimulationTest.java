package io.taffrail.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.simulation.queue.QueueRun;
import io.taffrail.simulation.world.Seeds;
import org.junit.jupiter.api.Test;

/**
 * Queues keep their promises over any crash. Replay a failure with {@code -Dtaffrail.seed=}; with
 * {@code -Dtaffrail.simulation.minutes=} new seeds are tried for so long.
 */
final class QueueSimulationTest {

    private static final int SEEDS = 500;

    @Test
    void keepsWhatItPromisedOverAnyCrash() {
        Trial.of("queue", SEEDS, QueueRun::new);
    }

    @Test
    void aSeedDecidesEverything() {
        for (long seed = 1; seed <= 20; seed++) {
            assertThat(Seeds.run("queue", seed, QueueRun::new).hash())
                    .isEqualTo(Seeds.run("queue", seed, QueueRun::new).hash());
        }
    }
}
