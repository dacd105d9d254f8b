package io.taffrail.simulation.mutant;

import io.taffrail.simulation.Trial;
import io.taffrail.simulation.queue.FailingQueueRun;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever callback of a queue throws, the promises made to clients hold after the next start.
 * {@code -Dtaffrail.seed=} replays a failure.
 */
final class FailingQueueTest {

    private static final int SEEDS = 120;
    private static final int SEEDS_OF_MUTANTS = 3_000;
    private static final String RUN = FailingQueueRun.class.getName();
    private static final String TURN = "io.taffrail.broker.turn.";

    @Test
    void aPartThatFailsTakesNothingWithItThatWasConfirmed() {
        Trial.of("failing queue", SEEDS, new MutantLoader(Throwing.points(), RUN)::run);
    }

    static Stream<Arguments> mutants() {
        return Stream.of(
                mutant("what a failed member had is confirmed",
                        Mutation.leavesOut(TURN + "TurnInFlight", "leaveOut", "or")),
                mutant("halves of a step are stored where the other half failed",
                        Mutation.doesNothing(TURN + "Bond", "tie")));
    }

    private static Arguments mutant(String what, Mutation mutation) {
        List<Mutation> all = new ArrayList<>(Throwing.points());
        all.add(mutation);
        return Arguments.of(what, all);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutants")
    void isCaught(String what, List<Mutation> mutations) {
        Mutants.requireCaught(what, mutations, RUN, SEEDS_OF_MUTANTS);
    }
}
