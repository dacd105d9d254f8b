package io.taffrail.log.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.log.AppendResult;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.config.ByteSize;
import io.taffrail.log.contract.LogReader;
import io.taffrail.log.contract.ManualClock;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.WritableLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replay across several journal files, as after a kill under load. */
final class JournalFilesRecoveryTest {

    static final LocalLogConfig MANY_FILES = new LocalLogConfig(ByteSize.mebibytes(1),
            ByteSize.mebibytes(512), Duration.ofHours(1), ByteSize.mebibytes(64), 8,
            Duration.ofHours(1), ByteSize.mebibytes(1));
    private static final LogId LOG = new LogId("a");
    private static final int BATCHES = 60;

    @TempDir
    private Path temporary;
    private Path dir = Path.of("");

    @BeforeEach
    void directory() {
        dir = temporary.resolve("data");
    }

    /** Fills several journal files and drops the engine before a checkpoint. */
    private void fillAndCrash(OwnerThread owner) {
        LocalLogEngine engine = LocalLogEngine.open(dir, MANY_FILES, new ManualClock());
        WritableLog log = open(engine, owner, 1);
        for (int index = 0; index < BATCHES; index++) {
            ByteBuffer batch = new BatchBuilder().add(index, null, new byte[100 << 10]).build();
            OwnerThread.await(owner
                    .call(() -> ((AppendResult.Stored) log.append(batch)).durable()));
        }
        engine.abandon();
    }

    @Test
    void replaysEveryFileSinceTheCheckpoint() {
        try (OwnerThread owner = new OwnerThread()) {
            fillAndCrash(owner);

            LocalLogEngine again = LocalLogEngine.open(dir, MANY_FILES, new ManualClock());

            assertThat(LogReader.offsets(open(again, owner, 2), 0)).hasSize(BATCHES);
            again.abandon();
        }
    }

    @Test
    void aMissingNewestFileIsNoticed() throws IOException {
        try (OwnerThread owner = new OwnerThread()) {
            fillAndCrash(owner);
            Path newest = newest();
            Path aside = dir.resolve("aside");
            Files.move(newest, aside);

            assertThatThrownBy(
                    () -> LocalLogEngine.open(dir, MANY_FILES, new ManualClock()))
                    .isInstanceOf(LogFailedException.class)
                    .hasMessageContaining("the journal file that follows");

            Files.move(aside, newest);
            LocalLogEngine again = LocalLogEngine.open(dir, MANY_FILES, new ManualClock());
            assertThat(LogReader.offsets(open(again, owner, 2), 0)).hasSize(BATCHES);
            again.abandon();
        }
    }

    /** Only groups that a checkpoint covers can be lost with the header of a recycled file. */
    @Test
    void aTornHeaderOfAFileThatIsUsedAgainIsNoDamage() throws IOException {
        try (OwnerThread owner = new OwnerThread()) {
            fillAndCrash(owner);
            Set<Path> before = used();
            LocalLogEngine checkpointing = LocalLogEngine.open(dir, MANY_FILES, new ManualClock());
            while (journal().containsAll(before)) {
                Thread.onSpinWait();
            }
            // The state that a power cut leaves: a stop would delete spare files.
            Path cut = temporary.resolve("cut");
            Set<Path> spare = copied(dir, cut);
            checkpointing.abandon();
            spare.retainAll(before.stream().map(it -> cut.resolve(dir.relativize(it))).toList());
            assertThat(spare).isNotEmpty();
            spare.forEach(it -> SampleDirectory.flip(it, 17));

            LocalLogEngine again = LocalLogEngine.open(cut, MANY_FILES, new ManualClock());

            assertThat(LogReader.offsets(open(again, owner, 2), 0)).hasSize(BATCHES);
            again.abandon();
        }
    }

    /** Copies a directory; returns the journal files in the copy. */
    private static Set<Path> copied(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                copy(each, to.resolve(from.relativize(each)));
            }
        }
        try (Stream<Path> files = Files.list(to.resolve("journal"))) {
            return files.collect(Collectors.toSet());
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try {
            Files.copy(from, to);
        } catch (NoSuchFileException deletedMeanwhile) {
            // A file of the journal that is no longer needed.
        }
    }

    private Set<Path> journal() throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("journal"))) {
            return files.collect(Collectors.toSet());
        }
    }

    /** The journal files that contain groups. */
    private Set<Path> used() throws IOException {
        Set<Path> used = new HashSet<>();
        for (Path file : journal()) {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            if (bytes.getLong(4096 + 24) == bytes.getLong(16) && bytes.getLong(16) > 0) {
                used.add(file);
            }
        }
        return used;
    }

    /** The file with the highest number among those with groups. */
    private Path newest() throws IOException {
        return used().stream().max(Comparator.comparingLong(SampleDirectory::journalNumber))
                .orElseThrow();
    }

    private static WritableLog open(LocalLogEngine engine, OwnerThread owner, int epoch) {
        return engine.openForWrite(LOG, new Lease("node", epoch), LogOptions.defaults(), owner)
                .join();
    }
}
