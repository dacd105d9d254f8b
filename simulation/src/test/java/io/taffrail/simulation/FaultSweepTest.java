package io.taffrail.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.simulation.engine.FaultSweepRun;
import io.taffrail.simulation.engine.FaultSweepRun.Fault;
import io.taffrail.simulation.world.Run;
import io.taffrail.simulation.world.Seeds;
import java.util.function.LongFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A short life of the engine, repeated with a fault at each operation of its disk. */
class FaultSweepTest {

    private static final int SEEDS = Integer.getInteger("taffrail.sweep.seeds", 1);

    @ParameterizedTest
    @EnumSource(Fault.class)
    void mayComeWithAnyOperationOfTheDisk(Fault fault) {
        long first = Long.getLong("taffrail.seed", 1);
        for (long seed = first; seed < first + SEEDS; seed++) {
            long operation = 0;
            boolean hit = true;
            while (hit) {
                operation++;
                long at = operation;
                FaultSweepRun[] run = new FaultSweepRun[1];
                LongFunction<Run> runs = it -> run[0] = new FaultSweepRun(it, fault, at);
                Seeds.run("sweep, " + fault + " at " + at, seed, runs);
                hit = run[0].wasHit();
            }
            assertThat(operation).isGreaterThan(50);
        }
    }
}
