package io.taffrail.testkit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A stop that hangs ends at its deadline or at a second signal. */
@DisabledOnOs(OS.WINDOWS)
class StopIT {

    private static final int PATIENCE_S = 60;
    private static final int SIGTERM = 15;

    @TempDir
    Path dir = Path.of(".");

    @Test
    void aSecondSignalEndsTheProcessAtOnce() throws Exception {
        Process process = start("10 min");
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            await(out, "stop with");
            process.toHandle().destroy();
            await(out, "stopping");
            process.toHandle().destroy();

            assertThat(process.waitFor(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(128 + SIGTERM);
            assertThat(err()).contains("a second signal: ended at once");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aStopThatHangsEndsAtTheDeadline() throws Exception {
        Process process = start("100 ms");
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            await(out, "stop with");
            process.toHandle().destroy();

            assertThat(process.waitFor(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(err()).contains("not stopped within 100 ms (stop.timeout)");
        } finally {
            process.destroyForcibly();
        }
    }

    private String err() throws IOException {
        return Files.readString(dir.resolve("err"));
    }

    private Process start(String timeout) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"), MuteBroker.class.getName(), "start",
                "--data-dir", dir.resolve("data").toString(), "--kafka", "127.0.0.1:0", "--amqp",
                "127.0.0.1:0", "--http", "127.0.0.1:0", "--set", "stop.timeout=" + timeout))
                .redirectError(dir.resolve("err").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("TAFFRAIL_"));
        return builder.start();
    }

    private static void await(BufferedReader out, String beginning) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(beginning)) {
                return;
            }
        }
        throw new IllegalStateException("the broker ended without '" + beginning + "'");
    }
}
