package io.taffrail.broker.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamePatternTest {

    @Test
    void isSearchedForAnywhereInTheName() {
        assertThat(NamePattern.of("^orders[.]").isFoundIn("orders.new")).isTrue();
        assertThat(NamePattern.of("^orders[.]").isFoundIn("my-orders.new")).isFalse();
        assertThat(NamePattern.of("(?i)ORDERS$").isFoundIn("my-orders")).isTrue();
        assertThat(NamePattern.of("").isFoundIn("anything")).isTrue();
        assertThat(NamePattern.of("[[:alpha:]]{2,4}-\\d+").isFoundIn("abc-17")).isTrue();
    }

    @Test
    void patternThatBacktracksElsewhereCostsNothingHere() {
        NamePattern pattern = NamePattern.of("^(.*a){12}$");

        boolean found = Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20),
                () -> pattern.isFoundIn("a".repeat(60) + "!"));

        assertThat(found).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"(?=a)", "(?!a)b", "(?<=a)b", "(a)\\1", "a++", "(?>a)", "(", "[a"})
    void whatCannotBeMatchedInBoundedTimeIsRefused(String text) {
        assertThatThrownBy(() -> NamePattern.of(text)).isInstanceOf(InvalidPatternException.class)
                .hasMessageContaining("look-around, backreferences");
    }

    @ParameterizedTest
    @ValueSource(strings = {"((a{999}){999}){999}", "(((a{50}){50}){50})", "((x{1000}y){1000})*"})
    void repetitionsWithinEachOtherAreBounded(String text) {
        assertThatThrownBy(() -> NamePattern.of(text)).isInstanceOf(InvalidPatternException.class)
                .hasMessageContaining("too large");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a?)", "(?:|a|c)", "(?:(?:)|^|$|)"})
    void patternThatWouldOverflowTheStackIsRefused(String unit) {
        String thousand = "(?:" + unit + "){1000}";

        assertThatThrownBy(() -> NamePattern.of(thousand.repeat(5)))
                .isInstanceOf(InvalidPatternException.class).hasMessageContaining("too large");
        assertThat(NamePattern.of("(?:" + unit + "){400}b").isFoundIn("aab")).isTrue();
    }

    @Test
    void longNameIsAPattern() {
        String name = "a".repeat(4096);

        assertThat(NamePattern.of(name).isFoundIn(name)).isTrue();
    }

    @Test
    void matchesTheWholeName() {
        assertThat(NamePattern.of("o.*").matches("orders")).isTrue();
        assertThat(NamePattern.of("r").matches("orders")).isFalse();
    }

    @Test
    void depthAndLengthAreBounded() {
        assertThatThrownBy(() -> NamePattern.of("(".repeat(2000) + ")".repeat(2000)))
                .hasMessageContaining("too large");
        assertThatThrownBy(() -> NamePattern.of("a".repeat(5000)))
                .hasMessageContaining("longer than 4096");
    }

    @Test
    void storedPatternThatCannotBeUsedMatchesNothing() {
        NamePattern stored = NamePattern.stored("(?!a)", "a test");

        assertThat(stored.isFoundIn("b")).isFalse();
        assertThat(stored.isFoundIn("")).isFalse();
        assertThat(stored.text()).isEqualTo("(?!a)");
    }
}
