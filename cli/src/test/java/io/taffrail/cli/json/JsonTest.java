package io.taffrail.cli.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @Test
    void readsWhatItWrote() {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("text", "quote \" slash \\ line\n tab\t bell\u0007 é 😀 \u2028");
        object.put("none", null);
        object.put("truth", true);
        object.put("list", Arrays.asList("a", null, Map.of()));

        assertThat(Json.read(Json.write(object))).isEqualTo(object);
    }

    @Test
    void writesOneLine() {
        assertThat(Json.write(List.of("a\nb\r\u0001", 1, 2.5)))
                .isEqualTo("[\"a\\nb\\r\\u0001\",1,2.5]");
    }

    @Test
    void escapesWhatATerminalWouldObey() {
        String text = "\u009b31m\u202e\u2028\ud800 😀";

        assertThat(Json.write(text)).isEqualTo("\"\\u009b31m\\u202e\\u2028\\ud800 😀\"");
        assertThat(Json.read(Json.write(text))).isEqualTo(text);
    }

    @Test
    void readsEscapesOfEveryKind() {
        assertThat(Json.read(" \"\\u00e9\\ud83d\\ude00\\/\\b\\f\" ")).isEqualTo("é😀/\b\f");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[1,]", "{\"a\"}", "{\"a\":1,}", "\"a", "\"\\x\"", "tru",
        "1 2",
        "\"\\u12\"", "nul", "-", "\"a\nb\""})
    void refusesWhatIsNotJson(String text) {
        assertThatThrownBy(() -> Json.read(text)).isInstanceOf(JsonException.class);
    }

    @Test
    void saysWhatIsWrongAndWhere() {
        assertThatThrownBy(() -> Json.read("[1,\nx]")).hasMessageStartingWith(
                "Unrecognized token 'x'").hasMessageEndingWith(" at character 5");
        assertThatThrownBy(() -> Json.read("{} {}"))
                .hasMessage("something follows the value at character 4");
        assertThatThrownBy(() -> Json.read("[[1")).hasMessage("the text ends within a value");
        assertThatThrownBy(() -> Json.read(" ")).hasMessage("the text is empty");
    }

    @Test
    void readsNumbersExactlyAndTextsOfAnyLength() {
        assertThat(Json.read("12345678901234567890.123456789012345678901"))
                .isEqualTo(new BigDecimal("12345678901234567890.123456789012345678901"));
        String longText = "x".repeat(30_000_000);
        assertThat(Json.read('"' + longText + '"')).isEqualTo(longText);
        assertThatThrownBy(() -> Json.read("1".repeat(1001))).isInstanceOf(JsonException.class);
    }

    @Test
    void refusesNestingWithoutEnd() {
        assertThatThrownBy(() -> Json.read("[".repeat(1_000_000)))
                .isInstanceOf(JsonException.class)
                .hasMessageStartingWith("Document nesting depth (101) exceeds the maximum");
    }
}
