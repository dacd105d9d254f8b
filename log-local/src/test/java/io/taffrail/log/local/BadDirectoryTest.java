package io.taffrail.log.local;

import static io.taffrail.log.local.SampleDirectory.A;
import static io.taffrail.log.local.SampleDirectory.B;
import static io.taffrail.log.local.SampleDirectory.flip;
import static io.taffrail.log.local.SampleDirectory.swap;
import static io.taffrail.log.local.SampleDirectory.truncate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.log.LogFailedException;
import io.taffrail.log.contract.LogReader;
import io.taffrail.log.contract.OwnerThread;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A directory that cannot be used is refused with a reason and not changed. */
final class BadDirectoryTest {

    @TempDir
    private Path temp;

    private SampleDirectory filled() {
        return new SampleDirectory(temp.resolve("data")).filled();
    }

    private SampleDirectory killed() {
        return new SampleDirectory(temp.resolve("data")).killed();
    }

    private static void refused(SampleDirectory data, String... words) {
        String before = data.hash();
        assertThatThrownBy(data::open).isInstanceOf(LogFailedException.class)
                .hasMessageContainingAll(words);
        assertThat(data.hash()).as("the directory").isEqualTo(before);
    }

    @Test
    void aNewerFormat() throws IOException {
        SampleDirectory data = filled();
        Path format = data.path().resolve("taffrail.format");
        Files.writeString(format, Files.readString(format).replace("1.1", "1.7"));
        refused(data, format.toString(), "format 1.7", "use the version that wrote it");
    }

    @Test
    void aFormatFileThatSaysNothing() throws IOException {
        SampleDirectory data = filled();
        Path format = data.path().resolve("taffrail.format");
        Files.writeString(format, "???");
        refused(data, format.toString(), "restore it");
    }

    @Test
    void aFormatOfMoreDigitsThanANumberHas() throws IOException {
        SampleDirectory data = filled();
        Path format = data.path().resolve("taffrail.format");
        Files.writeString(format, Files.readString(format).replace("1.1", "1.99999999999"));
        refused(data, format.toString(), "restore it");
    }

    @Test
    void aCheckpointLargerThanMemory() throws IOException {
        SampleDirectory data = filled();
        Path checkpoint = data.path().resolve("checkpoint");
        try (FileChannel file = FileChannel.open(checkpoint, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.allocate(1), 5L << 40);
        }
        refused(data, checkpoint.toString(), "too large", "restore it");
    }

    @Test
    void anIndexThatCannotBeReadIsMadeAgain() throws IOException {
        SampleDirectory data = filled();
        Path index = data.index(A, 0);
        Files.delete(index);
        Files.createDirectory(index);
        LocalLogEngine engine = data.open();
        try (OwnerThread owner = new OwnerThread()) {
            var log = SampleDirectory.writer(engine, A, 5, owner);
            for (long from = 0; from < log.durableEnd(); from++) {
                assertThat(LogReader.offsets(log, from)).startsWith(from);
            }
        } finally {
            engine.close();
        }
        assertThat(index).isRegularFile();
    }

    @Test
    void aDirectoryOfSomethingElse() throws IOException {
        SampleDirectory data = new SampleDirectory(Files.createDirectory(temp.resolve("home")));
        Files.writeString(data.path().resolve("letter.txt"), "dear");
        refused(data, data.path().toString(), "letter.txt", "give an empty directory");
    }

    @Test
    void aFileInPlaceOfTheDirectory() throws IOException {
        SampleDirectory data = new SampleDirectory(Files.createFile(temp.resolve("file")));
        refused(data, temp.resolve("file").toString(), "is a file where a directory has to be");
    }

    @Test
    void aFileInPlaceOfTheLogs() throws IOException {
        SampleDirectory data = filled();
        Files.move(data.path().resolve("logs"), temp.resolve("elsewhere"));
        Files.createFile(data.path().resolve("logs"));
        refused(data, "logs", "Not a directory");
    }

    @Test
    void aMissingSegment() throws IOException {
        SampleDirectory data = killed();
        Path segment = data.segment(A, 1);
        Files.delete(segment);
        refused(data, segment + " is missing", "restore it from a backup");
    }

    @Test
    void aSegmentCutShort() {
        SampleDirectory data = filled();
        Path segment = data.segment(A, 0);
        truncate(segment, 1000);
        refused(data, segment + " is cut short", "1000 bytes");
    }

    @Test
    void swappedSegmentsOfOneLog() {
        SampleDirectory data = killed();
        swap(data.segment(A, 0), data.segment(A, 1));
        refused(data, data.segment(A, 0).toString(), "its first offset is 19", "swapped");
    }

    @Test
    void swappedSegmentsOfTwoLogs() {
        SampleDirectory data = killed();
        swap(data.segment(A, 2), data.segment(B, 2));
        refused(data, data.segment(A, 2).toString(), "its first offset is 40", "swapped");
    }

    @Test
    void segmentsOfTwoLogsSwappedThatLookAlike() {
        SampleDirectory data = filled();
        swap(data.segment(A, 0), data.segment(B, 0));
        refused(data, data.segment(A, 0).toString(), "timestamp", "swapped");
    }

    @Test
    void aJournalOfAnotherBroker() throws IOException {
        SampleDirectory data = killed();
        SampleDirectory other = new SampleDirectory(temp.resolve("other")).killed();
        Path strange = data.path().resolve("journal").resolve("strange.journal");
        Files.copy(other.journal(), strange);
        refused(data, strange.toString(), "belongs to another data directory; move it away");
    }

    @Test
    void aMissingJournal() throws IOException {
        SampleDirectory data = killed();
        for (Path file : SampleDirectory.list(data.path().resolve("journal"))) {
            Files.delete(file);
        }
        refused(data, data.path().resolve("journal").toString(), "no journal file", "restore");
    }

    @Test
    void aMissingFileInTheMiddleOfTheJournal() throws IOException {
        SampleDirectory data = new SampleDirectory(temp.resolve("data")).killedOverManyFiles();
        List<Path> files = SampleDirectory.list(data.path().resolve("journal")).stream()
                .sorted(Comparator.comparingLong(SampleDirectory::journalNumber)).toList();
        Files.delete(files.get(files.size() / 2));
        refused(data, ".journal at 4096", "groups are missing");
    }

    @Test
    void aJournalDamagedInTheMiddle() {
        SampleDirectory data = killed();
        flip(data.journal(), 4096 + 20);
        refused(data, "journal damaged: " + data.journal() + " at 4096", "restore the file");
    }

    @Test
    void aCheckpointOfAnotherDirectory() throws IOException {
        SampleDirectory data = filled();
        SampleDirectory other = new SampleDirectory(temp.resolve("other")).filled();
        Path checkpoint = data.path().resolve("checkpoint");
        Files.delete(checkpoint);
        Files.copy(other.path().resolve("checkpoint"), checkpoint);
        refused(data, checkpoint.toString(), "belongs to another data directory");
    }

    @Test
    void aDamagedOrMissingCheckpoint() throws IOException {
        SampleDirectory data = filled();
        Path checkpoint = data.path().resolve("checkpoint");
        flip(checkpoint, 100);
        refused(data, checkpoint.toString(), "is damaged");
        Files.delete(checkpoint);
        refused(data, checkpoint.toString(), "is missing");
    }

    @Test
    void indexesThatAreMissingTruncatedOrWrongAreMadeAgain() throws IOException {
        SampleDirectory data = filled();
        Files.delete(data.index(A, 0));
        truncate(data.index(A, 0), 21);
        Files.write(data.index(B, 0), new byte[160]);
        flip(data.index(B, 1), 18);
        flip(data.index(B, 2), 23);
        LocalLogEngine engine = data.open();
        try (OwnerThread owner = new OwnerThread()) {
            for (var id : java.util.List.of(A, B)) {
                var log = SampleDirectory.writer(engine, id, 5, owner);
                for (long from = 0; from < log.durableEnd(); from++) {
                    assertThat(LogReader.offsets(log, from)).startsWith(from)
                            .hasSize((int) (log.durableEnd() - from));
                }
            }
        } finally {
            engine.close();
        }
    }
}
