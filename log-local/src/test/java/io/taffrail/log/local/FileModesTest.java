package io.taffrail.log.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.log.AppendResult;
import io.taffrail.log.Durability;
import io.taffrail.log.LogId;
import io.taffrail.log.LogOptions;
import io.taffrail.log.batch.BatchBuilder;
import io.taffrail.log.contract.ManualClock;
import io.taffrail.log.contract.OwnerThread;
import io.taffrail.log.spi.Lease;
import io.taffrail.log.spi.WritableLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a data directory are accessible to their owner only. */
final class FileModesTest {

    @TempDir
    private Path temp;

    /** Every path that users other than the owner may access, with its mode. */
    private static List<String> openToOthers(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(it -> !mode(it)
                    .equals(Files.isDirectory(it) ? "rwx------" : "rw-------"))
                    .map(it -> it + " " + mode(it)).toList();
        }
    }

    private static String mode(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException e) {
            throw new AssertionError(path.toString(), e);
        }
    }

    private static void fill(LocalLogEngine engine, OwnerThread owner, Durability durability) {
        WritableLog log = engine.openForWrite(new LogId(durability + "@x-0"), new Lease("node", 1),
                LogOptions.defaults().withDurability(durability), owner).join();
        ByteBuffer batch = new BatchBuilder().add(1, new byte[]{1}, new byte[100]).build();
        OwnerThread.await(
                ((AppendResult.Stored) owner.call(() -> log.append(batch))).durable());
    }

    @Test
    void everythingIsCreatedForItsOwnerAlone() throws IOException {
        Path data = temp.resolve("made/by/the/broker");
        try (OwnerThread owner = new OwnerThread()) {
            LocalLogEngine engine = LocalLogEngine.open(data, RecoveryTest.SMALL,
                    new ManualClock());
            for (Durability durability : Durability.values()) {
                fill(engine, owner, durability);
            }

            assertThat(openToOthers(temp.resolve("made"))).as("while it runs").isEmpty();
            engine.close();
            assertThat(openToOthers(temp.resolve("made"))).as("after a stop").isEmpty();
            try (Stream<Path> files = Files.walk(data)) {
                assertThat(files.filter(Files::isRegularFile)
                        .map(it -> it.getFileName().toString()))
                        .contains("taffrail.format", "lock", "checkpoint")
                        .anyMatch(it -> it.endsWith(".log"));
            }
        }
    }

    @Test
    void anExistingDirectoryIsClosedToOthers() throws IOException {
        Path data = Files.createDirectory(temp.resolve("data"));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));

        LocalLogEngine.open(data, RecoveryTest.SMALL, new ManualClock()).close();
        assertThat(mode(data)).as("an empty one").isEqualTo("rwx------");

        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwx--x"));
        LocalLogEngine.open(data, RecoveryTest.SMALL, new ManualClock()).close();
        assertThat(mode(data)).as("one of the broker's").isEqualTo("rwx------");
    }

    @Test
    void aDirectoryOfSomethingElseKeepsItsMode() throws IOException {
        Path home = Files.createDirectory(temp.resolve("home"));
        Files.writeString(home.resolve("letter.txt"), "dear");
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThatThrownBy(
                () -> LocalLogEngine.open(home, RecoveryTest.SMALL, new ManualClock()))
                .hasMessageContaining("letter.txt");

        assertThat(mode(home)).isEqualTo("rwxr-xr-x");
    }
}
