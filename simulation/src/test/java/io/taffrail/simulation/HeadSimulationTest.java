package io.taffrail.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.simulation.kafka.HeadRun;
import io.taffrail.simulation.world.Seeds;
import org.junit.jupiter.api.Test;

/**
 * The Kafka head keeps its promises over any crash and any lost connection.
 * {@code -Dtaffrail.seed=} replays a failure; {@code -Dtaffrail.simulation.minutes=} tries new
 * seeds for that long.
 */
final class HeadSimulationTest {

    private static final int SEEDS = 100;

    @Test
    void keepsWhatItPromisedOverAnyCrash() {
        Trial.of("kafka", SEEDS, HeadRun::new);
    }

    @Test
    void aSeedDecidesEverything() {
        for (long seed = 1; seed <= 20; seed++) {
            assertThat(Seeds.run("kafka", seed, HeadRun::new).hash()).as("seed %d", seed)
                    .isEqualTo(Seeds.run("kafka", seed, HeadRun::new).hash());
        }
    }
}
