package io.taffrail.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.simulation.amqp.AmqpRun;
import io.taffrail.simulation.world.Seeds;
import org.junit.jupiter.api.Test;

/**
 * The AMQP head keeps its promises over any crash and any lost connection. {@code -Dtaffrail.seed=}
 * replays a failure; {@code -Dtaffrail.simulation.minutes=} tries new seeds for that long.
 */
final class AmqpSimulationTest {

    private static final int SEEDS = 100;

    @Test
    void keepsWhatItPromisedOverAnyCrash() {
        Trial.of("amqp", SEEDS, AmqpRun::new);
    }

    @Test
    void aSeedDecidesEverything() {
        for (long seed = 1; seed <= 20; seed++) {
            assertThat(Seeds.run("amqp", seed, AmqpRun::new).hash())
                    .isEqualTo(Seeds.run("amqp", seed, AmqpRun::new).hash());
        }
    }
}
