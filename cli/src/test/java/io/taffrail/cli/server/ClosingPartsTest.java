package io.taffrail.cli.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ClosingPartsTest {

    private final List<String> closed = new CopyOnWriteArrayList<>();
    private final IllegalStateException failure = new IllegalStateException("not closed cleanly");
    private final ClosingParts parts = new ClosingParts(System::nanoTime);

    @Test
    void closesTheNewestFirst() {
        parts.add("engine", () -> closed.add("engine"));
        parts.add("loops", () -> closed.add("loops"));
        parts.add("head", () -> closed.add("head"));

        parts.close(Duration.ofMinutes(10), failure);

        assertThat(closed).containsExactly("head", "loops", "engine");
        assertThat(failure.getSuppressed()).isEmpty();
    }

    @Test
    void aPartThatHangsIsNamedAndLeavesTimeForTheOthers() {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch slow = new CountDownLatch(1);
        parts.add("the log engine", () -> {
            slow.await();
            closed.add("engine");
        });
        parts.add("the Kafka listener", () -> {
            slow.countDown();
            never.await();
        });

        parts.close(Duration.ofMillis(400), failure);

        assertThat(closed).containsExactly("engine");
        assertThat(failure.getSuppressed()).singleElement().extracting(Throwable::getMessage)
                .asString().startsWith("the Kafka listener did not stop within ")
                .contains("ClosingPartsTest");
        never.countDown();
    }

    @Test
    void aPartThatFailsKeepsNoOtherFromClosing() {
        parts.add("engine", () -> closed.add("engine"));
        parts.add("loops", () -> {
            throw new AssertionError("a bug");
        });

        parts.close(Duration.ofMinutes(10), failure);

        assertThat(closed).containsExactly("engine");
        assertThat(failure.getSuppressed()).singleElement().isInstanceOf(AssertionError.class);
    }

    @Test
    void closesNothingThatWasTakenOut() {
        AutoCloseable engine = () -> closed.add("engine");
        parts.add("engine", engine);
        parts.remove(engine);

        parts.close(Duration.ZERO, failure);

        assertThat(closed).isEmpty();
    }

    @Test
    void whatAPartLeavesUndoneWithinItsDeadlineIsTold() {
        parts.add("the log engine", () -> closed.add("not this way"), deadline -> {
            closed.add(deadline.toMillis() > 500_000 && deadline.toMillis() < 600_000
                    ? "in time"
                    : "at " + deadline);
            return List.of("the last checkpoint", "files are still being deleted");
        });

        parts.close(Duration.ofMinutes(10), failure);

        assertThat(closed).containsExactly("in time");
        assertThat(failure.getSuppressed()).extracting(Throwable::getMessage).containsExactly(
                "the log engine left undone: the last checkpoint",
                "the log engine left undone: files are still being deleted");
    }
}
