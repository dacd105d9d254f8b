package io.taffrail.testkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.testkit.ForkedBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands for stored logs, as a user runs them. */
class LogToolsIT {

    @TempDir
    Path dir = Path.of(".");

    @Test
    void damageIsFoundInUseAndAtRestAndAMissingFileRefused() throws Exception {
        String data = dir.resolve("data").toString();
        try (ForkedBroker broker = ForkedBroker.start(dir.resolve("data"), Map.of())) {
            Cli cli = new Cli(broker.bootstrap());
            assertThat(cli.runWith("one\ntwo\n", "produce", "t").code()).isZero();
            assertThat(cli.run("log", "check", "--data-dir", data).code()).isEqualTo(6);
            Cli.Result sound = cli.run("log", "scrub", "--data-dir", data, "--rate", "10MiB");
            assertThat(sound.out()).endsWith("nothing is wrong\n");
            assertThat(sound.code()).isZero();
            assertThat(cli.run("topic", "create", "table", "-c", "cleanup.policy=compact")
                    .code()).isZero();
            Cli.Result cleaner = cli.run("log", "cleaner", "--data-dir", data);
            assertThat(cleaner.out()).contains("table-0  idle   0 %",
                    "since the start  0 rounds, 0 failed");
            assertThat(cleaner.code()).isZero();

            flip(segment(), 70);
            Cli.Result damaged = cli.run("log", "scrub", "--data-dir", data);
            assertThat(damaged.out()).startsWith("damage  " + segment() + " at 0: the checksum");
            assertThat(damaged.code()).isEqualTo(1);
            flip(segment(), 70);
            assertThat(broker.stop()).isZero();
        }
        atRest(new Cli("127.0.0.1:1"), data);
    }

    private void atRest(Cli cli, String data) throws Exception {
        assertThat(cli.run("log", "scrub", "--data-dir", data).code()).isEqualTo(3);
        assertThat(cli.run("log", "cleaner", "--data-dir", data).code()).isEqualTo(3);
        assertThat(cli.run("log", "inspect", "--data-dir", data).out()).contains("format      1.1",
                "of a clean stop", "t@");
        assertThat(cli.run("log", "dump", "--data-dir", data, "t-0", "--records").out())
                .contains("position 0  offsets 0..", "offset 1 ", "value \"two\"");
        assertThat(cli.run("log", "check", "--data-dir", data).out())
                .endsWith("nothing is wrong\n");

        flip(segment(), 70);
        Cli.Result damaged = cli.run("log", "check", "--data-dir", data, "t");
        assertThat(damaged.out()).startsWith("damage  " + segment() + " at 0: the checksum");
        assertThat(damaged.code()).isEqualTo(1);

        Path gone = segment();
        Files.delete(gone);
        Cli.Result refused = cli.run("start", "--data-dir", data, "--kafka", "127.0.0.1:0");
        assertThat(refused.err()).isEqualTo("taffrail: segment " + gone
                + " is missing: restore it from a backup; 'taffrail log check --data-dir " + data
                + "' lists all that is wrong\n");
        assertThat(refused.code()).isEqualTo(1);
    }

    private Path segment() throws IOException {
        try (Stream<Path> files = Files.walk(dir.resolve("data/logs"))) {
            return files.filter(it -> it.toString().contains("/t@")
                    && it.toString().endsWith(".log")).findFirst().orElseThrow();
        }
    }

    private static void flip(Path file, int position) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[position] ^= 1;
        Files.write(file, bytes);
    }
}
