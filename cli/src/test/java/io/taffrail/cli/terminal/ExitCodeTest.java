package io.taffrail.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExitCodeTest {

    @Test
    void everyCodeHasANameOfItsOwn() {
        Set<String> names = new HashSet<>();
        for (int code = ExitCode.OK; code <= ExitCode.NO_VERDICT; code++) {
            assertThat(names.add(ExitCode.name(code))).as("code " + code).isTrue();
            assertThat(ExitCode.named(ExitCode.name(code))).isEqualTo(code);
        }
        assertThat(ExitCode.named("from a later version")).isEqualTo(ExitCode.FAILURE);
    }
}
