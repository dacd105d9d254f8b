package io.taffrail.log.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "orders", "a b~", "Bestellungen für März", "注文", "טקסט",
        "C:\\temp", "family: \ud83d\udc68\u200d\ud83d\udc69", "می\u200cخواهم"})
    void leavesOrdinaryTextAlone(String text) {
        assertThat(Printable.of(text)).isSameAs(text);
    }

    @Test
    void escapesControlCharacters() {
        assertThat(Printable.of("a\nb\rc\td")).isEqualTo("a\\nb\\rc\\td");
        assertThat(Printable.of("evil\u001b[31m\u001b]0;owned\u0007"))
                .isEqualTo("evil\\u001b[31m\\u001b]0;owned\\u0007");
        assertThat(Printable.of("\u0000\u007f\u0085\u009b31m"))
                .isEqualTo("\\u0000\\u007f\\u0085\\u009b31m");
    }

    @Test
    void escapesSeparatorsAndBidirectionalControls() {
        assertThat(Printable.of("a\u2028b\u2029c")).isEqualTo("a\\u2028b\\u2029c");
        assertThat(Printable.of("\u202eabc\u2066\u2069\u200f\u061c\ufeff"))
                .isEqualTo("\\u202eabc\\u2066\\u2069\\u200f\\u061c\\ufeff");
        assertThat(Printable.of("\udb40\udc41")).isEqualTo("\\udb40\\udc41");
    }

    @Test
    void escapesHalvesOfSurrogates() {
        assertThat(Printable.of("x\ud800y")).isEqualTo("x\\ud800y");
        assertThat(Printable.of("\udc00\ud83d\ude00")).isEqualTo("\\udc00\ud83d\ude00");
    }

    @Test
    void noTextHasTwoLinesOrAHiddenCharacter() {
        StringBuilder all = new StringBuilder();
        for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
            all.appendCodePoint(codePoint);
        }
        assertThat(Printable.of(all.toString())).doesNotContainPattern(
                "[\\u0000-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069\\u2028\\u2029]")
                .doesNotContainPattern("\\p{Cs}");
    }

    @Test
    void shortensWhatIsLong() {
        assertThat(Printable.brief("x".repeat(256))).isEqualTo("x".repeat(256));
        assertThat(Printable.brief("\n".repeat(1000)))
                .isEqualTo("\\n".repeat(256) + "… (1000 characters)");
    }
}
