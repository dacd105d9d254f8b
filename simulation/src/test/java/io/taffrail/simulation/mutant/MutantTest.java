package io.taffrail.simulation.mutant;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.simulation.engine.DurabilityRun;
import io.taffrail.simulation.engine.EngineRun;
import io.taffrail.simulation.engine.TransactionRun;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A test of the simulation itself: it detects every mutant of the engine. */
final class MutantTest {

    private static final int SEEDS = 3_000;
    private static final String LOCAL = "io.taffrail.log.local.";

    static Stream<Arguments> mutants() {
        return Stream.of(
                mutant("the journal is not forced",
                        Mutation.leavesOut(LOCAL + "journal.JournalFiles", "write", "force")),
                mutant("a journal group has no checksum",
                        Mutation.isZero(LOCAL + "journal.JournalLayout", "crc")),
                mutant("the checksum of a batch is not looked at",
                        Mutation.ofBatchChecksum("io.taffrail.log.batch.BatchHeader")),
                mutant("the journal is replayed over what the checkpoint holds",
                        Mutation.withoutFirstGuard(LOCAL + "StoredLog", "replay")),
                mutant("the journal is released before segments are forced",
                        Mutation.leavesOut(LOCAL + "segment.SegmentForce", "forceFile", "force")),
                mutant("an append is acknowledged before it is durable",
                        Mutation.tellsBeforeWriting(LOCAL + "journal.Journal",
                                LOCAL + "journal.Group")),
                mutant("the checkpoint is put in place before it is forced",
                        Mutation.leavesOut(LOCAL + "CheckpointFile", "replace", "force")),
                mutant("a failed force of a segment is forgotten",
                        Mutation.neverSets(LOCAL + "segment.SegmentForce",
                                Set.of("force", "forceFile"), "dirty")),
                mutant("the last group is not forced before it is served again",
                        Mutation.doesNothing(LOCAL + "journal.JournalScan", "forceLast")),
                mutant("a deleted log stays in the checkpoint",
                        Mutation.doesNothing(LOCAL + "Checkpointer", "deleted")));
    }

    static Stream<Arguments> mutantsOfTransactions() {
        return Stream.of(
                mutant("the list of aborted transactions is cut",
                        Mutation.isZero("io.taffrail.log.state.AbortedSearch", "add")),
                mutant("an aborted transaction is not entered in the index of its segment",
                        Mutation.doesNothing(LOCAL + "segment.AbortedIndex", "add")),
                mutant("a damaged index of aborted transactions is trusted",
                        Mutation.isZero(LOCAL + "segment.AbortedEntry", "crc")),
                mutant("a compacted segment has no index of aborted transactions",
                        Mutation.doesNothing(LOCAL + "SegmentRewrite", "carry")),
                mutant("a transaction that began in compacted segments alone is not known as aborted",
                        Mutation.doesNothing(LOCAL + "AbortedRebuild", "replaceFrom")),
                mutant("transactions in compacted segments alone are not learned of",
                        Mutation.doesNothing(LOCAL + "StoredLog", "fillGap")),
                mutant("epochs of coordinators are not remembered",
                        Mutation.doesNothing("io.taffrail.log.state.Producer", "applyMarker")),
                mutant("what belongs to no log stays",
                        Mutation.doesNothing(LOCAL + "Sweep", "run")));
    }

    static Stream<Arguments> mutantsOfDurability() {
        return Stream.of(
                mutant("a log that is to be forced acknowledges before older records are forced",
                        Mutation.doesNothing(LOCAL + "StoredLog", "unsettle")),
                mutant("a log acknowledges before a start would know that it is not forced",
                        Mutation.isZero(LOCAL + "StoredLog", "isChanging")),
                mutant("a change to os leaves behind the end what a start would take in",
                        Mutation.doesNothing(LOCAL + "StoredLog", "prepareForScan")));
    }

    private static Arguments mutant(String what, Mutation mutation) {
        return Arguments.of(what, mutation);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutants")
    void isCaught(String what, Mutation mutation) {
        Mutants.requireCaught(what, mutation, EngineRun.class.getName(), SEEDS);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutantsOfTransactions")
    void isCaughtInTransactions(String what, Mutation mutation) {
        Mutants.requireCaught(what, mutation, TransactionRun.class.getName(), SEEDS);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mutantsOfDurability")
    void isCaughtWhenDurabilityChanges(String what, Mutation mutation) {
        Mutants.requireCaught(what, mutation, DurabilityRun.class.getName(), SEEDS);
    }

    /** Not a mutant: a replay skips records that are present, so a second replay has no effect. */
    @Test
    void replayingEachGroupTwiceIsHarmless() {
        MutantLoader loader = new MutantLoader(List.of(Mutation.twice(
                LOCAL + "journal.JournalScan$Reader", "readFile", "replayGroup")),
                EngineRun.class.getName());
        for (long seed = 1; seed <= 200; seed++) {
            loader.run(seed).run();
        }
        assertThat(loader.hasChanged()).isTrue();
    }
}
