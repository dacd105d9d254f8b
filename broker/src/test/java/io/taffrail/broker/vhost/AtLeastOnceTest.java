package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.vhost.Host.Got;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** At-least-once dead-lettering, compared with at-most-once. */
class AtLeastOnceTest extends HostTest {

    private static final Map<String, FieldValue> FULL_AT_ONE = Map.of("x-max-length", number(1),
            "x-overflow", text("reject-publish"));
    private static final int LOOK_MS = 100;

    private static FieldValue number(int value) {
        return new FieldValue.Int32(value);
    }

    private static FieldValue text(String value) {
        return new FieldValue.Text(value);
    }

    private void declare(Map<String, FieldValue> more) {
        Map<String, FieldValue> all = new HashMap<>(Map.of("x-queue-type", text("quorum"),
                "x-dead-letter-exchange", text(""), "x-dead-letter-routing-key", text("dead"),
                "x-dead-letter-strategy", text("at-least-once")));
        all.putAll(more);
        var _ = host.declare("q", all);
    }

    private static Map<String, FieldValue> rejecting() {
        return Map.of("x-overflow", text("reject-publish"));
    }

    private void publishAndReject(String... bodies) {
        for (String body : bodies) {
            assertThat(host.publish("q", body)).isTrue();
            GetHolder holder = host.owner().call(() -> new GetHolder(List.of()));
            Got got = host.get("q", Optional.of(holder)).orElseThrow();
            host.settle(got.delivery()::reject);
        }
    }

    private Optional<String> get(String queue) {
        return host.get(queue, Optional.empty()).map(Got::body);
    }

    private Optional<String> deadAfterALook() {
        time.pass(LOOK_MS, host.owner());
        return get("dead");
    }

    @Test
    void letterStaysUntilThereIsRoomForIt() {
        var _ = host.declare("dead", FULL_AT_ONE);
        declare(rejecting());
        publishAndReject("a", "b", "c");

        assertThat(host.status("q").ready()).isZero();
        assertThat(get("q")).isEmpty();
        assertThat(get("dead")).contains("a");
        assertThat(deadAfterALook()).contains("b");
        assertThat(deadAfterALook()).contains("c");
        assertThat(deadAfterALook()).isEmpty();
    }

    @Test
    void letterStaysUntilThereIsAQueueForIt() {
        declare(rejecting());
        publishAndReject("a");
        time.pass(LOOK_MS, host.owner());

        var _ = host.declare("dead", Map.of());

        assertThat(deadAfterALook()).contains("a");
    }

    @Test
    void expiredOnesDoNotStandInTheWayOfOthers() {
        var _ = host.declare("dead", FULL_AT_ONE);
        assertThat(host.publish("dead", "there before")).isTrue();
        declare(Map.of("x-overflow", text("reject-publish"), "x-message-ttl", number(50)));
        assertThat(host.publish("q", "old")).isTrue();
        assertThat(host.status("q").ready()).isEqualTo(1);
        time.pass(50, host.owner());
        assertThat(host.publish("q", "young")).isTrue();

        assertThat(get("q")).contains("young");
        assertThat(get("dead")).contains("there before");
        assertThat(deadAfterALook()).contains("old");
    }

    @Test
    void whatStaysCountsForTheLength() {
        declare(Map.of("x-overflow", text("reject-publish"), "x-max-length", number(2)));
        publishAndReject("a", "b");
        assertThat(host.publish("q", "too much")).isFalse();

        var _ = host.declare("dead", Map.of());
        time.pass(LOOK_MS, host.owner());

        assertThat(host.publish("q", "fits")).isTrue();
    }

    @Test
    void crashMakesItReadyAgainAndLosesNothing() {
        declare(rejecting());
        publishAndReject("a");
        assertThat(host.publish("q", "b")).isTrue();

        crash();

        Got first = host.get("q", Optional.empty()).orElseThrow();
        assertThat(first.body()).isEqualTo("a");
        assertThat(first.redelivered()).isTrue();
        assertThat(get("q")).contains("b");
    }

    @Test
    void withoutRejectPublishALetterIsSentOnce() {
        var _ = host.declare("dead", FULL_AT_ONE);
        declare(Map.of());
        publishAndReject("a", "b");

        assertThat(get("dead")).contains("a");
        assertThat(deadAfterALook()).isEmpty();
    }

    @Test
    void anUnknownStrategyIsRefused() {
        assertThatThrownBy(() -> declare(Map.of("x-dead-letter-strategy", text("twice"))))
                .hasMessage("invalid arg 'x-dead-letter-strategy' for queue 'q' in vhost '/':"
                        + " invalid_dlx_strategy");
    }
}
