package io.taffrail.simulation.mutant;

import io.taffrail.simulation.amqp.AmqpRun;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulation detects every mutant of the AMQP head. */
final class AmqpMutantTest {

    private static final int SEEDS = 300;
    private static final String CHANNEL = "io.taffrail.amqp.channel.";

    static Stream<Arguments> mutants() {
        return Stream.of(
                mutant("confirms are sent before messages are durable",
                        Mutation.confirmsAtOnce("io.taffrail.broker.turn.Turn")),
                mutant("a confirm covers one message too many",
                        Mutation.confirmsOneMore(CHANNEL + "Confirms",
                                "io.taffrail.amqp.codec.BasicMethod$Ack")),
                mutant("what a lost connection held is not given back",
                        Mutation.doesNothing(CHANNEL + "AmqpChannel", "release")));
    }

    private static Arguments mutant(String what, Mutation mutation) {
        return Arguments.of(what, mutation);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutants")
    void isCaught(String what, Mutation mutation) {
        Mutants.requireCaught(what, mutation, AmqpRun.class.getName(), SEEDS);
    }
}
