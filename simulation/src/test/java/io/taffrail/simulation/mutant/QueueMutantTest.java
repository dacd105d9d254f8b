package io.taffrail.simulation.mutant;

import io.taffrail.simulation.queue.QueueRun;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The simulation detects every mutant of queues and cursors. */
final class QueueMutantTest {

    private static final int SEEDS = 3000;
    private static final String CURSOR = "io.taffrail.broker.cursor.";
    private static final String QUEUE = "io.taffrail.broker.queue.";
    private static final String HOST = "io.taffrail.broker.vhost.";
    private static final String TURN = "io.taffrail.broker.turn.Turn";

    static Stream<Arguments> mutants() {
        return Stream.of(
                mutant("what a cursor changed is not recorded",
                        Mutation.doesNothing(CURSOR + "CursorLog", "collect")),
                mutant("a change of a cursor that was refused is forgotten",
                        Mutation.doesNothing(CURSOR + "CursorLog", "refused")),
                mutant("a snapshot forgets what is settled above the floor",
                        Mutation.forgetsSettled(CURSOR + "CursorSnapshot")),
                mutant("a snapshot forgets how often messages came back",
                        Mutation.leavesOut(CURSOR + "CursorSnapshot", "apply", "restoreCount")),
                mutant("a cursor is cut behind its snapshot",
                        Mutation.trimsToEnd(CURSOR + "CursorLog")),
                mutant("what was held at a crash is not ready again",
                        Mutation.leavesOut(CURSOR + "AckCursor", "held", "addRange")),
                mutant("a message that came back and was taken again is still back after a crash",
                        Mutation.leavesOut(CURSOR + "CursorChange", "apply", "takeAgain")),
                mutant("a message that was delivered before does not say so",
                        Mutation.isZero(QUEUE + "Ready", "isReturned")),
                mutant("space is given back before that is durable",
                        Mutation.reclaimsEarly(CURSOR + "CursorLog")),
                mutant("publishes are confirmed before they are durable",
                        Mutation.confirmsAtOnce(TURN)),
                mutant("a turn confirms what no commit holds",
                        Mutation.confirmsWhatFailed(TURN + "InFlight")),
                mutant("a dead letter is stored before its message is settled",
                        Mutation.flushesAfterDeadLetter(QUEUE)),
                mutant("a transaction is stored in parts", Mutation.isTrue(TURN, "isFull")),
                mutant("a part of a message is confirmed and not stored",
                        Mutation.isTrue(HOST + "Routing", "storePart")),
                mutant("what a transaction has encoded is not stored",
                        Mutation.isTrue(QUEUE + "Queue", "storeStaged")),
                mutant("marks of what came before are not stored", Mutation.doesNothing(
                        "io.taffrail.broker.deduplication.MarkLog", "collect")),
                mutant("of several consumers more than the first gets messages",
                        Mutation.neverSets(QUEUE + "Consumers", Set.of("<init>"),
                                "singleActive")),
                mutant("what moves from queue to queue is dropped with a refused turn",
                        Mutation.isZero(TURN, "isMoving")),
                mutant("what lies beside a settled message is erased with it",
                        Mutation.isTrue(CURSOR + "SettledOffsets", "contains")),
                mutant("what is deleted or unbound is there after a start",
                        Mutation.findsAllEmpty(HOST + "TopologyStore", "delete")),
                mutant("what is unbound or deleted gets messages",
                        Mutation.leavesOut(HOST + "Removal", "remove", "remove")),
                mutant("a policy changes nothing for queues that are there",
                        Mutation.leavesOut(HOST + "HostPolicies", "apply", "apply")),
                mutant("policies are not read at a start",
                        Mutation.doesNothing(HOST + "HostPolicies", "load")),
                mutant("bytes do not count for the limit of a queue",
                        Mutation.isZeroLong(QUEUE + "Ready", "sizeBytes")),
                mutant("every reader of a stream begins with the first message",
                        Mutation.isZeroLong("io.taffrail.broker.stream.StreamQueue",
                                "position")),
                mutant("an invalid header is taken as an envelope",
                        Mutation.isTrue("io.taffrail.broker.message.EnvelopeCheck", "isWhole")),
                mutant("records of log clients are not counted",
                        Mutation.doesNothing(QUEUE + "Queue", "appended")),
                mutant("records of log clients overtake the messages of the open turn",
                        Mutation.doesNothing(QUEUE + "Queue", "settleOffsets")),
                mutant("messages due long after the time of day are not looked at again",
                        Mutation.isZero("io.taffrail.broker.schedule.DueIndex", "open")),
                mutant("expiry ends with the first step of a backlog",
                        Mutation.doesNothing(QUEUE + "GivingUp", "nextStep")),
                mutant("a purge leaves what was never delivered",
                        Mutation.isZeroLong(QUEUE + "Ready", "settleFromPosition")),
                mutant("a purge is answered before it is durable",
                        Mutation.findsAllEmpty(CURSOR + "CursorLog", "recorded")),
                mutant("delayed messages are not looked for after a start", Mutation
                        .leavesOut(QUEUE + "DelayedMessages", "<init>", "advanced")));
    }

    private static Arguments mutant(String what, Mutation mutation) {
        return Arguments.of(what, mutation);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutants")
    void isCaught(String what, Mutation mutation) {
        Mutants.requireCaught(what, mutation, QueueRun.class.getName(), SEEDS);
    }
}
