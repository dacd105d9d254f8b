package io.taffrail.cli.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.cli.terminal.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

class PasswordOptionsTest {

    @Command(name = "sample")
    static final class Sample {

        @Parameters(index = "0")
        String name = "";

        @Parameters(index = "1..*")
        List<String> words = List.of();

        @Mixin
        PasswordOptions password = new PasswordOptions();
    }

    @TempDir
    Path dir = Path.of(".");

    private static Map<String, String> field(String... words) {
        Sample sample = new Sample();
        new CommandLine(sample).parseArgs(words);
        return sample.password.field(sample.words);
    }

    private Path file(String content) throws IOException {
        return Files.writeString(dir.resolve("password"), content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a wonder\u00e9", "a wonder\u00e9\n", "a wonder\u00e9\r\n"})
    void readsAFileWithoutTheEndOfItsLine(String content) throws IOException {
        assertThat(field("maria", "--password-file", file(content).toString()))
                .isEqualTo(Map.of("password", "a wonder\u00e9"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "one\ntwo\n"})
    void refusesAFileThatHoldsNoPassword(String content) throws IOException {
        String file = file(content).toString();

        assertThatThrownBy(() -> field("maria", "--password-file", file))
                .isInstanceOf(Failure.class);
    }

    @Test
    void refusesAFileThatIsTooLong() throws IOException {
        String file = file("x".repeat(2000)).toString();

        assertThatThrownBy(() -> field("maria", "--password-file", file))
                .hasMessageContaining("at most 1024 bytes");
    }

    @Test
    void refusesAPasswordAmongTheArguments() {
        for (List<String> given : List.of(List.of("maria", "--password", "gehe1m"),
                List.of("maria", "--password=gehe1m"), List.of("maria", "gehe1m"))) {
            assertThatThrownBy(() -> field(given.toArray(String[]::new)))
                    .isInstanceOf(Failure.class).hasMessageContaining("--password-file").message()
                    .doesNotContain("gehe1m");
        }
    }

    @Test
    void refusesAHashThatIsNone() throws IOException {
        String file = file("gehe1m").toString();

        assertThatThrownBy(() -> field("maria", "--hashed", "--password-file", file))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("SCRAM-SHA-256").message().doesNotContain("gehe1m");
    }
}
