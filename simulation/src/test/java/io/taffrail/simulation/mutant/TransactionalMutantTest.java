package io.taffrail.simulation.mutant;

import io.taffrail.simulation.kafka.TransactionalRun;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulation detects every mutant of the transaction coordinator. */
final class TransactionalMutantTest {

    private static final int SEEDS = 300;
    private static final String TRANSACTIONS = "io.taffrail.kafka.transactions.";
    private static final String LOG_STATE = "io.taffrail.log.state.LogState";

    static Stream<Arguments> mutants() {
        return Stream.of(
                mutant("a decision takes effect before it is durable",
                        TransactionMutations.takesEffectAtOnce(TRANSACTIONS + "ShardWriter")),
                mutant("markers are written before the decision is durable",
                        TransactionMutations.marksBeforeDecision(TRANSACTIONS)),
                mutant("the last stable offset is too high by one",
                        TransactionMutations.isStableOneMore(LOG_STATE)),
                mutant("markers of older producer epochs are accepted",
                        TransactionMutations.acceptsOlderMarkers(LOG_STATE)),
                mutant("partitions stay open after the decision",
                        TransactionMutations.takesForGranted(
                                TRANSACTIONS + "OpenTransactions", "transactional", "isOngoing")),
                mutant("a shard that is loaded does not continue what has begun",
                        Mutation.leavesOut(TRANSACTIONS + "Shard", "activate", "apply")));
    }

    private static Arguments mutant(String what, Mutation mutation) {
        return Arguments.of(what, mutation);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutants")
    void isCaught(String what, Mutation mutation) {
        Mutants.requireCaught(what, mutation, TransactionalRun.class.getName(), SEEDS);
    }
}
