package io.taffrail.log.local.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class PlatformWorkerTest {

    /** Kinds of exceptions thrown by a task; {@code FailStop} only logs the fatal ones here. */
    enum Failure {
        EXCEPTION, ERROR, FATAL;

        private Throwable cause() {
            return switch (this) {
                case EXCEPTION -> new IllegalStateException("a bug");
                case ERROR -> new AssertionError("an invariant");
                case FATAL -> new StackOverflowError("as told");
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTaskThatRepeatsGoesOnAfter(Failure failure) throws InterruptedException {
        PlatformWorker worker = new PlatformWorker("test");
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch thrice = new CountDownLatch(3);

        worker.every(Duration.ofMillis(1), () -> {
            runs.incrementAndGet();
            thrice.countDown();
            PlatformWorkerTest.<RuntimeException>sneak(failure.cause());
        });

        assertThat(thrice.await(30, TimeUnit.SECONDS)).as(runs + " runs").isTrue();
        assertThat(worker.end(Duration.ofSeconds(30))).isTrue();
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable cause) throws E {
        throw (E) cause;
    }
}
