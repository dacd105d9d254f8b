package io.taffrail.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.simulation.queue.QueueRun;
import io.taffrail.simulation.world.Seeds;
import org.junit.jupiter.api.Test;

/**
 * Queues keep their promises over any crash. {@code -Dtaffrail.seed=} replays a failure;
 * {@code -Dtaffrail.simulation.minutes=} tries new seeds for that long.
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
