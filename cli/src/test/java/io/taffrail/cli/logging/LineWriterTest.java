package io.taffrail.cli.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LineWriterTest {

    private static final int PATIENCE_MS = 30_000;
    private static final int LINE_CHARS = 1 << 10;
    private static final int MANY = 1 << 20;

    private final Semaphore permits = new Semaphore(0);
    private final List<String> written = new CopyOnWriteArrayList<>();
    private final LineWriter writer = new LineWriter(line -> {
        permits.acquireUninterruptibly();
        written.add(line);
    }, count -> count + " dropped");

    @BeforeEach
    void start() {
        writer.start();
    }

    @AfterEach
    void release() {
        permits.release(MANY);
    }

    @Test
    void linesComeInTheirOrder() {
        permits.release(MANY);
        List<String> lines = new ArrayList<>();
        for (int number = 0; number < 100; number++) {
            lines.add("line " + number);
            writer.add("line " + number);
        }

        assertThat(writer.drain(PATIENCE_MS)).isTrue();
        assertThat(written).isEqualTo(lines);
    }

    @Test
    void outputThatIsNotReadHoldsUpNobodyAndTheNextLineGivesTheNumberMissing() {
        int fit = LineWriter.MOST_CHARS / LINE_CHARS;
        writer.add(numbered(0));
        awaitBlocked();
        int added = 1;
        for (; added < fit + 11; added++) {
            writer.add(numbered(added));
        }
        assertThat(writer.drain(1)).isFalse();
        permits.release(10);
        while (written.size() < 10) {
            Thread.onSpinWait();
        }
        writer.add("after a gap");
        permits.release(MANY);

        assertThat(writer.drain(PATIENCE_MS)).isTrue();
        int kept = written.size() - 2;
        assertThat(kept).isEqualTo(fit + 1);
        assertThat(written.get(kept)).isEqualTo(added - kept + " dropped");
        assertThat(written.getLast()).isEqualTo("after a gap");
        for (int number = 0; number < kept; number++) {
            assertThat(written.get(number)).isEqualTo(numbered(number));
        }
    }

    @Test
    void numberMissingIsGivenAlsoIfNoLineFollows() {
        String half = "x".repeat(LineWriter.MOST_CHARS / 2 + 1);
        writer.add("first");
        awaitBlocked();
        for (int count = 0; count < 3; count++) {
            writer.add(half);
        }
        permits.release(MANY);

        assertThat(writer.drain(PATIENCE_MS)).isTrue();
        assertThat(written.getLast()).isEqualTo("2 dropped");
    }

    /** Waits until the writer's thread has taken a line and cannot write it. */
    private void awaitBlocked() {
        while (!permits.hasQueuedThreads()) {
            Thread.onSpinWait();
        }
    }

    private static String numbered(int number) {
        return "%d ".formatted(number) + "x".repeat(LINE_CHARS - 2 - (number + "").length() + 1);
    }
}
