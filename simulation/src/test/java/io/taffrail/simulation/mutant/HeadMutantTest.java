package io.taffrail.simulation.mutant;

import io.taffrail.simulation.kafka.HeadRun;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulation detects every mutant of the Kafka head. */
final class HeadMutantTest {

    private static final int SEEDS = 300;
    private static final String KAFKA = "io.taffrail.kafka.";

    static Stream<Arguments> mutants() {
        return Stream.of(
                mutant("committed offsets are answered before they are durable",
                        Mutation.answersAtOnce(KAFKA + "groups.OffsetsLogWriter")),
                mutant("a producer's retry on another connection is not found",
                        Mutation.isMinusOne("io.taffrail.log.state.Producer", "find")),
                mutant("what is not durable is fetched and acknowledged",
                        Mutation.tellsBeforeWriting("io.taffrail.log.local.journal.Journal",
                                "io.taffrail.log.local.journal.Group")),
                mutant("groups are not read back",
                        Mutation.doesNothing(KAFKA + "groups.OffsetsLogReplay", "run")),
                mutant("a topic's deletion is not stored",
                        Mutation.leavesOut("io.taffrail.broker.topic.Catalog", "bury", "apply")),
                mutant("a fetch session keeps the position it began with",
                        Mutation.forgetsPositions(KAFKA + "fetch.FetchSession")));
    }

    private static Arguments mutant(String what, Mutation mutation) {
        return Arguments.of(what, mutation);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutants")
    void isCaught(String what, Mutation mutation) {
        Mutants.requireCaught(what, mutation, HeadRun.class.getName(), SEEDS);
    }
}
