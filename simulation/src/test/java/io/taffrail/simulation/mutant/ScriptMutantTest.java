package io.taffrail.simulation.mutant;

import io.taffrail.simulation.script.ScriptSweepRun;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The scripts detect mutants of creation, deletion, erasure and reopening. */
final class ScriptMutantTest {

    private static final int SEEDS = 8;

    static Stream<Arguments> mutants() {
        return Stream.of(
                mutant("a topic's deletion is not stored", Mutation.leavesOut(
                        "io.taffrail.broker.topic.Catalog", "bury", "apply")),
                mutant("a queue's deletion is not stored", Mutation.findsAllEmpty(
                        "io.taffrail.broker.vhost.TopologyStore", "delete")),
                mutant("what lies beside a settled message is erased with it", Mutation.isTrue(
                        "io.taffrail.broker.cursor.SettledOffsets", "contains")),
                mutant("nothing is erased", Mutation.doesNothing(
                        "io.taffrail.broker.queue.Space", "erase")),
                mutant("a queue that was reopened stays quarantined", Mutation.doesNothing(
                        "io.taffrail.broker.vhost.Quarantines", "remove")));
    }

    private static Arguments mutant(String what, Mutation mutation) {
        return Arguments.of(what, mutation);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutants")
    void isCaught(String what, Mutation mutation) {
        Mutants.requireCaught(what, mutation, ScriptSweepRun.class.getName(), SEEDS);
    }
}
