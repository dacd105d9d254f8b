package io.taffrail.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.Console;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TerminalTest {

    @Test
    void readsTheAnswerOfStty() {
        assertThat(Terminal.size("24 80\n")).contains(new Terminal.Size(24, 80));
        assertThat(Terminal.size("stty: standard input: Inappropriate ioctl")).isEmpty();
        assertThat(Terminal.size("24 ")).isEmpty();
    }

    @Test
    void aSizeThatNothingFitsIntoIsUnknown() {
        assertThat(Terminal.size("0 0\n")).isEmpty();
        assertThat(Terminal.size("24 5\n")).isEmpty();
        assertThat(Terminal.size("1 80\n")).isEmpty();
    }

    @Test
    void outputThatGoesElsewhereHasNoSize() {
        assumeFalse(
                Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent());
        assertThat(WindowSize.read()).isEmpty();
        assertThat(Terminal.standard()).isEqualTo(Terminal.NONE);
    }

    @Test
    void coloursCanBeSwitchedOff() {
        assertThat(Terminal.colours(Map.of("TERM", "xterm"))).isTrue();
        assertThat(Terminal.colours(Map.of("TERM", "xterm", "NO_COLOR", ""))).isTrue();
        assertThat(Terminal.colours(Map.of("TERM", "xterm", "NO_COLOR", "1"))).isFalse();
        assertThat(Terminal.colours(Map.of("TERM", "dumb"))).isFalse();
        assertThat(Terminal.colours(Map.of())).isFalse();
    }
}
