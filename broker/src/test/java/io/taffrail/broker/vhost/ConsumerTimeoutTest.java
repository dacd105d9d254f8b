package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.policy.PolicyKind;
import io.taffrail.broker.policy.PolicyRules;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.queue.Subscription;
import io.taffrail.broker.vhost.Host.Got;
import io.taffrail.broker.vhost.Host.Recorder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Consumers that hold a delivery longer than the consumer time-out are told. */
class ConsumerTimeoutTest extends HostTest {

    private static final int MINUTE_MS = 60_000;

    /** Moves the clock in steps short enough for every check to run. */
    private void pass(int ms, int stepMs) {
        for (int passed = 0; passed < ms; passed += stepMs) {
            time.pass(stepMs, host.owner());
        }
    }

    @Test
    void deliveryMayBeHeldForHalfAnHour() {
        var _ = host.declare("q", Map.of());
        Recorder consumer = host.consume("q", 10);
        assertThat(host.publish("q", "m")).isTrue();
        assertThat(consumer.take().body()).isEqualTo("m");

        pass(29 * MINUTE_MS, MINUTE_MS);
        assertThat(consumer.timedOut()).isNotDone();
        pass(4 * MINUTE_MS, MINUTE_MS);

        assertThat(consumer.timedOut()).isCompletedWithValue(30L * MINUTE_MS);
    }

    @Test
    void whoSettlesInTimeIsLeftAlone() {
        var _ = host.declare("q", Map.of("x-consumer-timeout", new FieldValue.Int32(1000)));
        Recorder consumer = host.consume("q", 10);
        for (int round = 0; round < 8; round++) {
            assertThat(host.publish("q", "m")).isTrue();
            Got got = consumer.take();
            pass(500, 250);
            host.settle(got.delivery()::accept);
        }

        assertThat(consumer.timedOut()).isNotDone();
    }

    @Test
    void oneThatIsSettledDoesNotHideTheNext() {
        var _ = host.declare("q", Map.of("x-consumer-timeout", new FieldValue.Int32(1000)));
        Recorder consumer = host.consume("q", 10);
        for (int index = 0; index < 4; index++) {
            assertThat(host.publish("q", "m")).isTrue();
        }
        for (int index = 0; index < 4 && !consumer.timedOut().isDone(); index++) {
            Got got = consumer.take();
            pass(750, 250);
            host.settle(got.delivery()::accept);
        }

        assertThat(consumer.timedOut()).isCompletedWithValue(1000L);
    }

    @Test
    void whatWasGotIsWatchedWithoutAnyConsumer() {
        var _ = host.declare("q", Map.of("x-consumer-timeout", new FieldValue.Int32(1000)));
        CompletableFuture<Long> timedOut = new CompletableFuture<>();
        GetHolder holder = new GetHolder(List.of(), timedOut::complete);
        for (int round = 0; round < 8; round++) {
            assertThat(host.publish("q", "m")).isTrue();
            Got got = host.get("q", Optional.of(holder)).orElseThrow();
            pass(500, 250);
            host.settle(got.delivery()::accept);
        }
        assertThat(timedOut).isNotDone();

        assertThat(host.publish("q", "kept")).isTrue();
        assertThat(host.get("q", Optional.of(holder))).isPresent();
        pass(2000, 250);

        assertThat(timedOut).isCompletedWithValue(1000L);
    }

    @Test
    void whoLeftIsWatchedWhileItHoldsSomething() {
        var _ = host.declare("q", Map.of("x-consumer-timeout", new FieldValue.Int32(1000)));
        Recorder consumer = new Recorder();
        Subscription subscription = host.subscribe("q", consumer, true, 10, Map.of());
        assertThat(host.publish("q", "m")).isTrue();
        assertThat(consumer.take().body()).isEqualTo("m");
        host.run(subscription::cancel);

        pass(2000, 250);

        assertThat(consumer.timedOut()).isCompletedWithValue(1000L);
    }

    @Test
    void policyShortensTheTime() {
        var _ = host.declare("q", Map.of());
        Recorder consumer = host.consume("q", 10);
        assertThat(host.publish("q", "m")).isTrue();
        assertThat(consumer.take().body()).isEqualTo("m");
        var _ = host.await(() -> host.api().policies().set(PolicyKind.USER,
                PolicyRules.policy(PolicyKind.USER, "p", "q", "all", 0,
                        FieldTable.of(Map.of("consumer-timeout", new FieldValue.Int64(2000))))));

        pass(4000, 500);

        assertThat(consumer.timedOut()).isCompletedWithValue(2000L);
    }
}
