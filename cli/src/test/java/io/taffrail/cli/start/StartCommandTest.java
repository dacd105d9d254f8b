package io.taffrail.cli.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.cli.server.OpenFileLimit;
import io.taffrail.cli.terminal.Failure;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartCommandTest {

    @Test
    void refusesAProcessThatMayOpenTooFewFiles() {
        assertThatThrownBy(() -> StartCommand.enoughFiles(new OpenFileLimit(64)))
                .isInstanceOf(Failure.class).hasMessageContaining("may open 64 files")
                .hasMessageContaining("256 at least");
        assertThatCode(() -> StartCommand.enoughFiles(new OpenFileLimit(OpenFileLimit.LEAST)))
                .doesNotThrowAnyException();
    }

    /**
     * Stands for a name that cannot be a path, such as one with characters that the
     * locale cannot encode.
     */
    @Test
    void aConfigurationFileThatIsNoPathIsNamed() {
        StartCommand start = StartCommand.of(List.of("--config", "a\0b")).orElseThrow();

        assertThat(Failure.run(() -> {
            start.open().close();
            return 0;
        })).isEqualTo(2);
    }
}
