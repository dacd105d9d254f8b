package io.taffrail.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.simulation.engine.DamageRun;
import io.taffrail.simulation.engine.DurabilityRun;
import io.taffrail.simulation.engine.EngineRun;
import io.taffrail.simulation.engine.SweepRun;
import io.taffrail.simulation.engine.TransactionRun;
import io.taffrail.simulation.world.Run;
import io.taffrail.simulation.world.Seeds;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/**
 * The engine keeps its promises over any crash. {@code -Dtaffrail.seed=} replays a failure;
 * {@code -Dtaffrail.simulation.minutes=} tries new seeds for that long.
 */
final class EngineSimulationTest {

    private static final int SEEDS = 4_000;
    private static final int DAMAGED = 3_000;
    private static final int SWEPT = 3;
    private static final int TRANSACTIONS = 600;
    private static final int CHANGING = 600;

    @Test
    void keepsWhatItPromisedOverAnyCrash() {
        Trial.of("engine", SEEDS, EngineRun::new);
    }

    @Test
    void keepsTransactionsWholeOverAnyCrash() {
        Trial.of("transactions", TRANSACTIONS, TransactionRun::new);
    }

    @Test
    void keepsWhatItPromisedWhenDurabilityChanges() {
        Trial.of("durability", CHANGING, DurabilityRun::new);
    }

    @Test
    void reportsDamageAndServesNothingElse() {
        Trial.of("damage", DAMAGED, DamageRun::new);
    }

    @Test
    void anyOperationOfTheDiskMayBeTheLast() {
        for (long seed = 1; seed <= SWEPT; seed++) {
            long operation = 0;
            boolean died = true;
            while (died) {
                operation++;
                long last = operation;
                SweepRun[] run = new SweepRun[1];
                LongFunction<Run> runs = it -> run[0] = new SweepRun(it, last);
                Seeds.run("sweep, operation " + last, seed, runs);
                died = run[0].hasDied();
            }
            assertThat(operation).isGreaterThan(50);
        }
    }

    @Test
    void aSeedDecidesEverything() {
        for (long seed = 1; seed <= 50; seed++) {
            assertThat(Seeds.run("engine", seed, EngineRun::new).hash())
                    .isEqualTo(Seeds.run("engine", seed, EngineRun::new).hash());
        }
    }
}
