package io.taffrail.cli.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineSourceTest {

    private static List<String> lines(String text) {
        InputStream slow = new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(length, 7));
            }
        };
        LineSource source = new LineSource(slow);
        List<String> lines = new ArrayList<>();
        for (byte[] line = source.next(); line != null; line = source.next()) {
            lines.add(new String(line, StandardCharsets.ISO_8859_1));
        }
        return lines;
    }

    @Test
    void splitsAtLineEnds() {
        assertThat(lines("one\n\ntwo\n")).containsExactly("one", "", "two");
    }

    @Test
    void takesALastLineWithoutEnd() {
        assertThat(lines("one\ntwo")).containsExactly("one", "two");
    }

    @Test
    void findsNothingInNothing() {
        assertThat(lines("")).isEmpty();
    }

    @Test
    void keepsBytesAndLengthOfLongLines() {
        String large = "\u00ff\r\u0000".repeat(100_000);

        assertThat(lines("x\n" + large + "\ny")).containsExactly("x", large, "y");
    }
}
