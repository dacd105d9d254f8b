package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.vhost.Host.Got;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The placement of dead letters when some targets refuse them, as observed in RabbitMQ 3.10.8. */
class LetterPlacementTest extends HostTest {

    private static final int LOOK_MS = 100;

    private static FieldValue text(String value) {
        return new FieldValue.Text(value);
    }

    private void declare(String name, Map<String, FieldValue> arguments) {
        var _ = host.declare(name, arguments);
    }

    /** Declares a queue that dead-letters to {@code exchange} with the original routing key. */
    private void declareSource(String exchange, Map<String, FieldValue> more) {
        Map<String, FieldValue> all = new HashMap<>(more);
        all.put("x-dead-letter-exchange", text(exchange));
        declare("q", all);
    }

    private static Map<String, FieldValue> atLeastOnce() {
        return Map.of("x-queue-type", text("quorum"), "x-overflow", text("reject-publish"),
                "x-dead-letter-strategy", text("at-least-once"));
    }

    private void bind(String exchange, String queue, String key) {
        var _ = host.await(() -> host.api().bind(
                new Binding(exchange, queue, true, key, FieldTable.EMPTY), Host.SESSION));
    }

    private void publishAndReject(String exchange, String key, String... bodies) {
        for (String body : bodies) {
            long sent = host.send(exchange, key, body, io.taffrail.broker.message.Properties
                    .none());
            assertThat(host.awaitConfirm(sent)).isTrue();
            GetHolder holder = host.owner().call(() -> new GetHolder(List.of()));
            Got got = host.get("q", Optional.of(holder)).orElseThrow();
            host.settle(got.delivery()::reject);
        }
    }

    private List<String> drain(String queue) {
        List<String> bodies = new ArrayList<>();
        Optional<Got> got = host.get(queue, Optional.empty());
        while (got.isPresent()) {
            bodies.add(got.get().body());
            got = host.get(queue, Optional.empty());
        }
        return bodies;
    }

    @ParameterizedTest
    @CsvSource({"classic,classic,3", "classic,quorum,10", "quorum,classic,3", "quorum,quorum,10"})
    void fullQuorumQueueTakesLettersAndAFullClassicOneDoesNot(String source, String target,
            int taken) {
        declare("dead",
                Map.of("x-queue-type", text(target), "x-max-length", new FieldValue.Int32(3),
                        "x-overflow", text("reject-publish")));
        declareSource("", Map.of("x-queue-type", text(source), "x-dead-letter-routing-key",
                text("dead")));

        publishAndReject("", "q", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

        assertThat(drain("dead")).hasSize(taken);
        assertThat(host.status("q").ready()).isZero();
    }

    @Test
    void letterThatFindsNoQueueDoesNotHoldUpOthers() {
        declareSource("amq.topic", atLeastOnce());
        bind("amq.direct", "q", "good");
        bind("amq.direct", "q", "gone");
        declare("t", Map.of());
        bind("amq.topic", "t", "good");

        publishAndReject("amq.direct", "good", "before");
        publishAndReject("amq.direct", "gone", "stuck");
        publishAndReject("amq.direct", "good", "after");
        assertThat(drain("t")).containsExactly("before", "after");

        time.pass(LOOK_MS, host.owner());
        publishAndReject("amq.direct", "good", "later");
        assertThat(drain("t")).containsExactly("later");

        bind("amq.topic", "t", "gone");
        time.pass(10 * LOOK_MS, host.owner());
        assertThat(drain("t")).containsExactly("stuck");
    }

    @Test
    void moreStuckLettersThanOneLookTriesDoNotHideOneThatCanGo() {
        declareSource("amq.topic", atLeastOnce());
        bind("amq.direct", "q", "gone");
        bind("amq.direct", "q", "late");
        for (int index = 0; index < 100; index++) {
            publishAndReject("amq.direct", "gone", "stuck " + index);
        }
        publishAndReject("amq.direct", "late", "now");
        declare("t", Map.of());
        bind("amq.topic", "t", "late");

        for (int look = 0; look < 8; look++) {
            time.pass(10 * LOOK_MS, host.owner());
        }

        assertThat(drain("t")).containsExactly("now");
    }

    @Test
    void targetWithRoomHasALetterOnceWhileAnotherIsFull() {
        declareSource("amq.fanout", atLeastOnce());
        declare("free", Map.of());
        declare("full", Map.of("x-max-length", new FieldValue.Int32(1), "x-overflow",
                text("reject-publish")));
        bind("amq.fanout", "free", "");
        bind("amq.fanout", "full", "");

        publishAndReject("", "q", "a", "b", "c");
        time.pass(LOOK_MS, host.owner());
        time.pass(LOOK_MS, host.owner());
        assertThat(drain("free")).containsExactly("a", "b", "c");
        assertThat(drain("full")).containsExactly("a");

        List<String> rest = new ArrayList<>();
        for (int look = 0; look < 4; look++) {
            time.pass(10 * LOOK_MS, host.owner());
            rest.addAll(drain("full"));
        }
        assertThat(rest).containsExactly("b", "c");
        assertThat(drain("free")).isEmpty();
    }

    @Test
    void lettersWithPartOfTheirTargetsAreAtMostThirtyTwo() {
        declareSource("amq.fanout", atLeastOnce());
        declare("free", Map.of());
        declare("full", Map.of("x-max-length", new FieldValue.Int32(0), "x-overflow",
                text("reject-publish")));
        bind("amq.fanout", "free", "");
        bind("amq.fanout", "full", "");
        for (int index = 0; index < 40; index++) {
            publishAndReject("", "q", "m" + index);
        }
        assertThat(drain("free")).hasSize(32);

        long deleted = host
                .await(() -> host.api().deleteQueue("full", Host.SESSION, false, false));
        assertThat(deleted).isZero();
        time.pass(10 * LOOK_MS, host.owner());
        time.pass(10 * LOOK_MS, host.owner());

        assertThat(drain("free")).hasSize(8);
    }
}
