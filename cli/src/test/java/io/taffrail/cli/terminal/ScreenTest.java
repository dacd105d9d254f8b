package io.taffrail.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScreenTest {

    private static final Terminal FOUR_ROWS = new Terminal(
            Optional.of(new Terminal.Size(4, 40)), false);

    private static String frame(String... lines) {
        return Screen.frame(FOUR_ROWS, "now", List.of(lines)).replace("\u001b", "ESC");
    }

    @Test
    void linesReplaceWhatWasThere() {
        assertThat(frame("a", "b"))
                .isEqualTo("ESC[HnowESC[K\r\naESC[K\r\nbESC[KESC[J");
    }

    @Test
    void aViewHasNoMoreRowsThanTheTerminal() {
        assertThat(frame("a", "b", "c")).contains("\r\nc").doesNotContain("more");
        assertThat(frame("a", "b", "c", "d"))
                .isEqualTo("ESC[HnowESC[K\r\naESC[K\r\nbESC[K\r\n2 more linesESC[KESC[J");
    }

    @Test
    void aViewNeedsATerminal() {
        assertThatThrownBy(() -> Screen.show("--watch", Duration.ofSeconds(2), out -> {}))
                .isInstanceOf(Failure.class).hasMessage("--watch needs a terminal");
        assertThatThrownBy(() -> Screen.show("--watch", Duration.ZERO, out -> {}))
                .hasMessage("the interval must be between 100 ms and 1 day");
    }
}
