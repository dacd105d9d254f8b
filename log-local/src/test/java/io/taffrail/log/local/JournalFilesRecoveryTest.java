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
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replay over more journal files than one, as after a kill under load. */
final class JournalFilesRecoveryTest {

    static final LocalLogConfig MANY_FILES = new LocalLogConfig(ByteSize.mebibytes(1),
            ByteSize.mebibytes(512), Duration.ofHours(1), ByteSize.mebibytes(64), 8,
            Duration.ofHours(1), ByteSize.mebibytes(1));
    private static final LogId LOG = new LogId("a");
    private static final int BATCHES = 60;

    @TempDir
    private Path dir;

    @Test
    void replaysEveryFileSinceTheCheckpoint() {
        try (OwnerThread owner = new OwnerThread()) {
            LocalLogEngine engine = LocalLogEngine.open(dir, MANY_FILES, new ManualClock());
            WritableLog log = open(engine, owner, 1);
            for (int index = 0; index < BATCHES; index++) {
                ByteBuffer batch = new BatchBuilder().add(index, null, new byte[100 << 10]).build();
                OwnerThread.await(owner
                        .call(() -> ((AppendResult.Stored) log.append(batch)).durable()));
            }
            engine.abandon();

            LocalLogEngine again = LocalLogEngine.open(dir, MANY_FILES, new ManualClock());

            assertThat(LogReader.offsets(open(again, owner, 2), 0)).hasSize(BATCHES);
            again.abandon();
        }
    }

    @Test
    void aMissingNewestFileIsNoticed() throws IOException {
        try (OwnerThread owner = new OwnerThread()) {
            LocalLogEngine engine = LocalLogEngine.open(dir, MANY_FILES, new ManualClock());
            WritableLog log = open(engine, owner, 1);
            for (int index = 0; index < BATCHES; index++) {
                ByteBuffer batch = new BatchBuilder().add(index, null, new byte[100 << 10]).build();
                OwnerThread.await(owner
                        .call(() -> ((AppendResult.Stored) log.append(batch)).durable()));
            }
            engine.abandon();
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

    private Set<Path> journal() throws IOException {
        try (Stream<Path> files = Files.list(dir.resolve("journal"))) {
            return files.collect(Collectors.toSet());
        }
    }

    /** The file with the highest number that holds a group. */
    private Path newest() throws IOException {
        Path newest = dir;
        long highest = -1;
        for (Path file : journal()) {
            byte[] bytes = Files.readAllBytes(file);
            ByteBuffer header = ByteBuffer.wrap(bytes);
            boolean holdsGroup = header.getLong(4096 + 24) == header.getLong(16);
            if (holdsGroup && header.getLong(16) > highest) {
                highest = header.getLong(16);
                newest = file;
            }
        }
        return newest;
    }

    private static WritableLog open(LocalLogEngine engine, OwnerThread owner, int epoch) {
        return engine.openForWrite(LOG, new Lease("node", epoch), LogOptions.defaults(), owner)
                .join();
    }
}
