package io.taffrail.cli.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.Failure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControlSocketTest {

    @TempDir
    private Path dir;

    private int ask(List<Map<?, ?>> answers) {
        return Failure.run(() -> {
            ControlClient.ask(dir, Map.of("command", "x"), answers::add);
            return ExitCode.OK;
        });
    }

    @Test
    void aCommandThatFailsIsAnsweredAndOthersAreServed() throws Exception {
        AtomicReference<Optional<RuntimeException>> failure = new AtomicReference<>(
                Optional.of(new IllegalStateException("stopping")));
        List<Map<?, ?>> answers = new ArrayList<>();
        try (ControlSocket _ = ControlSocket.open(dir, (_, answer) -> {
            if (failure.get().isPresent()) {
                throw failure.get().get();
            }
            answer.accept(Map.of("done", true));
        })) {
            assertThat(ask(answers)).isEqualTo(ExitCode.FAILURE);
            failure.set(Optional.of(new NotFoundException("no queue 'q'")));
            assertThat(ask(answers)).isEqualTo(ExitCode.NOT_FOUND);
            assertThat(answers).isEmpty();

            failure.set(Optional.empty());
            assertThat(ask(answers)).isEqualTo(ExitCode.OK);
            assertThat(answers).hasSize(1);
        }
        assertThat(ask(answers)).isEqualTo(ExitCode.UNREACHABLE);
    }
}
