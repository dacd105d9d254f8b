package io.taffrail.cli.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

@ResourceLock(Resources.SYSTEM_ERR)
class LineLoggerTest {

    private static final String FORGED = "x\n2026-11-30T00:00:00.000 ERROR fake: line\u009b31m";

    @Test
    void anArgumentBeginsNoLine() {
        List<String> lines = logged(
                () -> new LineLogger("io.taffrail.X").error("closing connection of {}", FORGED));
        assertThat(lines).singleElement().asString().endsWith(" ERROR X: closing connection of x"
                + "\\n2026-11-30T00:00:00.000 ERROR fake: line\\u009b31m");
    }

    @Test
    void noMessageOfAThrowableBeginsALine() {
        Throwable failure = new IllegalStateException(FORGED, new RuntimeException(FORGED));
        failure.addSuppressed(new RuntimeException(FORGED, failure));
        List<String> lines = logged(() -> new LineLogger("io.taffrail.X").error("failed", failure));
        assertThat(lines).hasSizeGreaterThan(3);
        assertThat(lines.getFirst()).contains("ERROR X: failed: ").contains("x\\n2026");
        assertThat(lines.subList(1, lines.size())).allMatch(line -> line.startsWith("\t"))
                .anyMatch(line -> line.startsWith("\tat io.taffrail"))
                .anyMatch(line -> line.startsWith("\tsuppressed: "))
                .anyMatch(line -> line.endsWith("(see above)"))
                .anyMatch(line -> line.startsWith("\tcaused by: "));
    }

    private static List<String> logged(Runnable body) {
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            body.run();
        } finally {
            System.setErr(before);
        }
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }
}
