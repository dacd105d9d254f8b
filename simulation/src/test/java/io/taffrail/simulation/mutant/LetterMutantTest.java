package io.taffrail.simulation.mutant;

import io.taffrail.simulation.letters.LetterRun;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulation detects every mutant of the outboxes. */
final class LetterMutantTest {

    private static final int SEEDS = 300;
    private static final String STREAM = "io.taffrail.broker.stream.";
    private static final String OUTBOX = "io.taffrail.broker.outbox.";

    static Stream<Arguments> mutants() {
        return Stream.of(
                mutant("a receiver does not remember how far it has come",
                        Mutation.doesNothing(OUTBOX + "OutboxPositions", "apply")),
                mutant("a snapshot of positions says that nothing was received",
                        Mutation.leavesOut(OUTBOX + "OutboxPositions", "encode", "writeLong")),
                mutant("an outbox is trimmed before the receiver has what is in it",
                        Mutation.doesNothing(OUTBOX + "OutboxSpace", "added")),
                mutant("a start does not look for what was not sent",
                        Mutation.doesNothing(OUTBOX + "OutboxReader", "scan")),
                mutant("of a refused fan-out the part for another owner is stored",
                        Mutation.doesNothing(OUTBOX + "OutboxWriter", "refused")),
                mutant("a topic stores letters that it does not take",
                        Mutation.isTrue(STREAM + "PartitionLog", "takes")),
                mutant("letters to a stream are dropped",
                        Mutation.isTrue(STREAM + "HostedLog", "add")),
                mutant("a letter that no target takes is dropped",
                        Mutation.isTrue("io.taffrail.broker.vhost.DeadLetterRouting", "place")),
                mutant("what moves to another owner is dropped with a refused turn",
                        Mutation.isZero("io.taffrail.broker.turn.Turn", "isMoving")));
    }

    private static Arguments mutant(String what, Mutation mutation) {
        return Arguments.of(what, mutation);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutants")
    void isCaught(String what, Mutation mutation) {
        Mutants.requireCaught(what, mutation, LetterRun.class.getName(), SEEDS);
    }
}
