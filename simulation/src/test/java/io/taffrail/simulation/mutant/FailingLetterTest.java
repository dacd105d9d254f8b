package io.taffrail.simulation.mutant;

import io.taffrail.simulation.Trial;
import io.taffrail.simulation.letters.FailingLetterRun;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever part of an outbox throws, every letter is in one place when the owners have gone on.
 * {@code -Dtaffrail.seed=} replays a failure.
 */
final class FailingLetterTest {

    private static final int SEEDS = 120;
    private static final int SEEDS_OF_MUTANTS = 300;
    private static final String OUTBOX = "io.taffrail.broker.outbox.Outbox";
    private static final String RUN = FailingLetterRun.class.getName();

    @Test
    void anOutboxThatFailsLosesNothing() {
        Trial.of("failing letters", SEEDS, new MutantLoader(Throwing.outboxes(), RUN)::run);
    }

    static Stream<Arguments> mutants() {
        return Stream.of(
                mutant("a lane whose sending failed is not tried again",
                        Mutation.doesNothing(OUTBOX, "sendingFailed")),
                mutant("an entry that its outbox was not told of is not sent",
                        Mutation.leavesOut(OUTBOX, "moveTo", "scan")));
    }

    private static Arguments mutant(String what, Mutation mutation) {
        List<Mutation> all = new ArrayList<>(Throwing.outboxes());
        all.add(mutation);
        return Arguments.of(what, all);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutants")
    void isCaught(String what, List<Mutation> mutations) {
        Mutants.requireCaught(what, mutations, RUN, SEEDS_OF_MUTANTS);
    }
}
