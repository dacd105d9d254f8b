package io.taffrail.net.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.log.text.Printable;
import java.io.IOException;
import java.io.Writer;
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
    void aLongTextIsNeverHeldAsAWhole() throws IOException {
        for (String unit : List.of("\u0001", "x", "\udb40\udc01", "😀")) {
            String text = "é" + unit.repeat(100_000);
            Pieces pieces = new Pieces();

            Json.write(Map.of("body", text), pieces);

            assertThat(pieces.longest).isLessThan(100_000);
            assertThat(Json.read(pieces.all.toString())).isEqualTo(Map.of("body", text));
            assertThat(pieces.all.toString()).isEqualTo(Json.write(Map.of("body", text)))
                    .isEqualTo(Printable.of(pieces.all));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e1001", "1e999999999", "1e-999999999", "0e-999999999", "0e999999999",
        "1e99999999999", "-1.5E+2147483648"})
    void refusesANumberWhoseExponentAsksForManyDigits(String text) {
        assertThatThrownBy(() -> Json.read("{\"a\":" + text + "}"))
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("number");
    }

    @Test
    void readsTheLargestDoubles() {
        assertThat(Json.read("[1.7976931348623157e308,4.9E-324]"))
                .isEqualTo(List.of(new BigDecimal("1.7976931348623157e308"),
                        new BigDecimal("4.9E-324")));
    }

    /** They would have filled the heap: such names were in the factory's table for ever. */
    @Test
    void doesNotKeepNames() {
        long before = usedBytes();
        for (char letter = 'a'; letter <= 'z'; letter++) {
            String name = String.valueOf(letter).repeat(8 << 20);
            assertThat(Json.read("{\"" + name + "\":1}")).isEqualTo(Map.of(name, BigDecimal.ONE));
        }
        assertThat(usedBytes() - before).isLessThan(100L << 20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[],", "{},", "0,", "\"\",", "{\"\":0},", "[0],"})
    void refusesMoreValuesThanTheReaderHasMemoryFor(String value) {
        String text = "[" + value.repeat((4 << 20) / value.length()) + "1]";
        long mostBytes = 32 << 20;

        assertThatThrownBy(() -> Json.read(text, mostBytes))
                .isInstanceOf(JsonSizeException.class);
    }

    @Test
    void countsAtLeastWhatTheObjectsTake() {
        for (String value : List.of("[],", "{},", "0,", "\"x\",", "{\"x\":0},", "[0],",
                "{\"x\":{\"y\":[[{}]]}},")) {
            String text = "[" + value.repeat(100_000) + "1]";
            long counted = counted(text);
            long before = usedBytes();
            Object read = Json.read(text);
            long took = usedBytes() - before;

            assertThat(read).isNotNull();
            assertThat(took).as(value).isLessThan(counted + (counted >> 2));
        }
    }

    /** The least limit under which the text can be read. */
    private static long counted(String text) {
        long least = 0;
        long most = 1L << 30;
        while (least < most) {
            long middle = (least + most) / 2;
            try {
                var _ = Json.read(text, middle);
                most = middle;
            } catch (JsonSizeException _) {
                least = middle + 1;
            }
        }
        return most;
    }

    private static long usedBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** Records the longest piece that is written at once. */
    private static final class Pieces extends Writer {

        private final StringBuilder all = new StringBuilder();
        private int longest;

        @Override
        public void write(char[] chars, int from, int length) {
            all.append(chars, from, length);
            longest = Math.max(longest, length);
        }

        @Override
        public void flush() {
            // Nothing is held back.
        }

        @Override
        public void close() {
            throw new AssertionError("the writer belongs to the caller");
        }
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
