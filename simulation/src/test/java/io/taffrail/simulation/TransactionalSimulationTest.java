package io.taffrail.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.simulation.kafka.TransactionalRun;
import io.taffrail.simulation.world.Seeds;
import org.junit.jupiter.api.Test;

/**
 * Transactions are whole over any crash, lost connection and time-out.
 * {@code -Dtaffrail.seed=} replays a failure; {@code -Dtaffrail.simulation.minutes=} tries new
 * seeds for that long.
 */
final class TransactionalSimulationTest {

    private static final int SEEDS = 60;

    @Test
    void transactionsAreWholeOverAnyCrash() {
        Trial.of("transactional", SEEDS, TransactionalRun::new);
    }

    @Test
    void aSeedDecidesEverything() {
        for (long seed = 1; seed <= 10; seed++) {
            assertThat(Seeds.run("transactional", seed, TransactionalRun::new).hash())
                    .as("seed %d", seed)
                    .isEqualTo(Seeds.run("transactional", seed, TransactionalRun::new).hash());
        }
    }
}
