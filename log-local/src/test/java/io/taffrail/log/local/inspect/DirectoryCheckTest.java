package io.taffrail.log.local.inspect;

import static io.taffrail.log.local.SampleDirectory.A;
import static io.taffrail.log.local.SampleDirectory.B;
import static io.taffrail.log.local.SampleDirectory.flip;
import static io.taffrail.log.local.SampleDirectory.swap;
import static io.taffrail.log.local.SampleDirectory.truncate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.log.local.DataDirectoryLockedException;
import io.taffrail.log.local.LocalLogEngine;
import io.taffrail.log.local.SampleDirectory;
import io.taffrail.log.local.StoredDirectory;
import io.taffrail.log.local.inspect.Finding.Severity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of damage is found at its position, and no file is changed. */
final class DirectoryCheckTest {

    private static final int BATCH = 10 * 1024 + 72;

    @TempDir
    private Path temp;

    private SampleDirectory filled() {
        return new SampleDirectory(temp.resolve("data")).filled();
    }

    private SampleDirectory killed() {
        return new SampleDirectory(temp.resolve("data")).killed();
    }

    private static List<Finding> check(SampleDirectory data) throws IOException {
        String before = data.hash();
        List<Finding> findings = new ArrayList<>();
        try (StoredDirectory stored = StoredDirectory.open(data.path())) {
            new DirectoryCheck(stored, Set.of(), findings::add).run();
        }
        assertThat(data.hash()).as("the directory").isEqualTo(before);
        return findings;
    }

    private static List<Finding> wrong(SampleDirectory data) throws IOException {
        return check(data).stream().filter(it -> it.severity() != Severity.NOTE).toList();
    }

    private static void isAt(List<Finding> findings, Severity severity, Path file, long position,
            String text) {
        assertThat(findings).hasSize(1).first().satisfies(it -> {
            assertThat(it.severity()).isEqualTo(severity);
            assertThat(it.file()).isEqualTo(file);
            assertThat(it.position()).isEqualTo(position);
            assertThat(it.text()).contains(text);
        });
    }

    @Test
    void nothingIsFoundWhereNothingIsWrong() throws IOException {
        assertThat(check(filled())).isEmpty();
        assertThat(wrong(killed())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 9, 16, 17, 22, 30, 45, 58, 61, 70, 5000, BATCH - 1})
    void aBitFlippedAnywhereInABatchIsFoundAtTheBatch(int at) throws IOException {
        SampleDirectory data = filled();
        Path segment = data.segment(A, 1);
        flip(segment, 3 * BATCH + at);
        assertThat(wrong(data)).first().satisfies(it -> {
            assertThat(it.file()).isEqualTo(segment);
            assertThat(it.position()).isEqualTo(3 * BATCH);
        });
    }

    @Test
    void theFirstOffsetOfASegmentIsHeldAgainstItsName() throws IOException {
        SampleDirectory data = filled();
        flip(data.segment(A, 1), 6);
        assertThat(wrong(data)).first().hasToString(data.segment(A, 1)
                + " at 0: the segment does not begin as recorded: its first offset is 4115;"
                + " it may have been swapped with another");
    }

    @Test
    void aSegmentThatCannotBeReadIsDamageAndTheOthersAreChecked() throws IOException {
        SampleDirectory data = filled();
        Path segment = data.segment(A, 1);
        Files.delete(segment);
        Files.createDirectory(segment);
        flip(data.segment(B, 2), 17);

        assertThat(wrong(data)).hasSize(2).anySatisfy(it -> {
            assertThat(it.file()).isEqualTo(segment);
            assertThat(it.text()).startsWith("cannot be read: ");
        }).anySatisfy(it -> assertThat(it.file()).isEqualTo(data.segment(B, 2)));
    }

    @Test
    void aJournalFileThatCannotBeReadIsDamageAndTheLogsAreChecked() throws IOException {
        SampleDirectory data = filled();
        Path journal = Files.createDirectory(
                data.path().resolve("journal").resolve("00000000000000000009.journal"));
        flip(data.segment(B, 2), 17);

        assertThat(wrong(data)).anySatisfy(it -> {
            assertThat(it.file()).isEqualTo(journal);
            assertThat(it.text()).startsWith("cannot be read: ");
        }).anySatisfy(it -> assertThat(it.file()).isEqualTo(data.segment(B, 2)));
    }

    @Test
    void aTornTailIsFoundWhereItTears() throws IOException {
        SampleDirectory data = filled();
        long size = Files.size(data.segment(B, 2));
        truncate(data.segment(B, 2), size - 100);
        isAt(wrong(data), Severity.DAMAGE, data.segment(B, 2), size - 100, "cut short");
    }

    @Test
    void aTailThatTheJournalHasIsNoDamage() throws IOException {
        SampleDirectory data = killed();
        long size = Files.size(data.segment(A, 3));
        truncate(data.segment(A, 3), size - 100);
        assertThat(check(data)).anySatisfy(it -> {
            assertThat(it.severity()).isEqualTo(Severity.NOTE);
            assertThat(it.file()).isEqualTo(data.segment(A, 3));
            assertThat(it.position()).isEqualTo(size - BATCH);
            assertThat(it.text()).contains("from the journal");
        });
        assertThat(wrong(data)).isEmpty();
    }

    @Test
    void swappedSegmentsAreFoundBoth() throws IOException {
        SampleDirectory data = filled();
        swap(data.segment(A, 0), data.segment(A, 1));
        assertThat(wrong(data)).filteredOn(it -> it.position() == 0).extracting(Finding::file)
                .containsExactly(data.segment(A, 0), data.segment(A, 1));
    }

    @Test
    void aMissingSegmentIsFound() throws IOException {
        SampleDirectory data = filled();
        Path segment = data.segment(A, 1);
        Files.delete(segment);
        isAt(wrong(data), Severity.DAMAGE, segment, -1, "missing");
    }

    @Test
    void indexesThatAreTruncatedOrWrongAreFoundAtTheEntry() throws IOException {
        SampleDirectory data = filled();
        truncate(data.index(A, 0), 40);
        isAt(wrong(data), Severity.REPAIRABLE, data.index(A, 0), 32, "ends inside an entry");
        truncate(data.index(A, 0), 32);
        isAt(wrong(data), Severity.REPAIRABLE, data.index(A, 0), 32, "ends too early");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 6, 7, 8, 14})
    void aBitFlippedInAnIndexIsFoundAtTheEntry(int at) throws IOException {
        SampleDirectory data = filled();
        flip(data.index(B, 1), 5 * 16 + at);
        isAt(wrong(data), Severity.REPAIRABLE, data.index(B, 1), 5 * 16, "");
    }

    @Test
    void damageOfTheJournalIsFoundAtTheGroup() throws IOException {
        SampleDirectory data = killed();
        flip(data.journal(), 4096 + 20);
        isAt(wrong(data), Severity.DAMAGE, data.journal(), 4096, "a later one at");
        flip(data.journal(), 4096 + 20);
        flip(data.journal(), 9);
        assertThat(wrong(data)).first().hasToString(data.journal()
                + " at 0: the header is damaged");
    }

    @Test
    void aDamagedCheckpointIsFound() throws IOException {
        SampleDirectory data = filled();
        flip(data.path().resolve("checkpoint"), 60);
        assertThat(wrong(data)).first().extracting(Finding::file)
                .isEqualTo(data.path().resolve("checkpoint"));
    }

    @Test
    void aRunningBrokerIsLeftAlone() {
        SampleDirectory data = filled();
        LocalLogEngine engine = data.open();
        try {
            assertThatThrownBy(() -> StoredDirectory.open(data.path()))
                    .isInstanceOf(DataDirectoryLockedException.class);
        } finally {
            engine.close();
        }
    }

    @Test
    void noBrokerStartsDuringACheck() {
        SampleDirectory data = filled();
        try (StoredDirectory stored = StoredDirectory.open(data.path())) {
            assertThat(stored.path()).isEqualTo(data.path());
            assertThatThrownBy(data::open).isInstanceOf(DataDirectoryLockedException.class);
        }
    }
}
