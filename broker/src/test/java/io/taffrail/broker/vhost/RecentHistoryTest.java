package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.vhost.Host.Got;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Exchanges that give a new binding the last messages, as observed in RabbitMQ 3.10.8. */
class RecentHistoryTest extends HostTest {

    private static final String LENGTH = "x-recent-history-length";

    private void declare(Map<String, FieldValue> arguments) {
        var _ = host.await(() -> host.api().declareExchange(new ExchangeDeclaration("x",
                "x-recent-history", true, false, false, FieldTable.of(arguments))));
    }

    private void publish(String body, Map<String, FieldValue> headers) {
        assertThat(host.awaitConfirm(host.send("x", "key", body,
                Properties.none().withHeaders(FieldTable.of(headers))))).isTrue();
    }

    private void publish(int count) {
        for (int index = 0; index < count; index++) {
            publish("m" + index, Map.of());
        }
    }

    private void bind(String source, String destination, boolean toQueue, String key) {
        var _ = host.await(() -> host.api().bind(
                new Binding(source, destination, toQueue, key, FieldTable.EMPTY), Host.SESSION));
    }

    private void bindQueue(String queue) {
        var _ = host.declare(queue, Map.of());
        bind("x", queue, true, "");
    }

    private List<String> bodies(String queue) {
        var _ = host.status(queue);
        List<String> bodies = new ArrayList<>();
        for (Optional<Got> got = host.get(queue, Optional.empty()); got.isPresent(); got = host
                .get(queue, Optional.empty())) {
            bodies.add(got.get().body());
        }
        return bodies;
    }

    @Test
    void aNewBindingGetsTheLastTwenty() {
        declare(Map.of());
        publish(25);

        bindQueue("q");

        List<String> got = bodies("q");
        assertThat(got).hasSize(20).startsWith("m5", "m6").endsWith("m24");
    }

    @Test
    void theLengthIsAnArgument() {
        declare(Map.of(LENGTH, new FieldValue.Int32(3)));
        bindQueue("early");
        publish(5);

        bindQueue("late");

        assertThat(bodies("early")).hasSize(5);
        assertThat(bodies("late")).containsExactly("m2", "m3", "m4");
        bindQueue("late");
        assertThat(bodies("late")).as("bound once more").isEmpty();
        bind("x", "late", true, "other");
        assertThat(bodies("late")).as("another binding").hasSize(3);
    }

    @Test
    void messagesMayAskNotToBeKept() {
        declare(Map.of());
        publish("kept", Map.of("x-recent-history-no-store", new FieldValue.Bool(false)));
        publish("not kept", Map.of("x-recent-history-no-store", new FieldValue.Bool(true)));
        publish("kept too", Map.of("x-recent-history-no-store", new FieldValue.Text("true")));

        bindQueue("q");

        assertThat(bodies("q")).containsExactly("kept", "kept too");
    }

    @Test
    void aBoundExchangeRoutesTheHistoryOn() {
        declare(Map.of());
        publish(2);
        var _ = host.declare("q", Map.of());
        var _ = host.declare("other", Map.of());
        bind("amq.direct", "q", true, "key");
        bind("amq.direct", "other", true, "another key");

        bind("x", "amq.direct", false, "");

        assertThat(bodies("q")).containsExactly("m0", "m1");
        assertThat(bodies("other")).isEmpty();
    }

    @Test
    void longHistoriesHaveComeWholeAndInOrderWhenTheBindingIsAnswered() {
        declare(Map.of(LENGTH, new FieldValue.Int64(Long.MAX_VALUE)));
        long last = 0;
        for (int index = 0; index < 3000; index++) {
            last = host.send("x", "key", "m" + index, Properties.none());
        }
        assertThat(host.awaitConfirm(last)).isTrue();

        bindQueue("q");

        List<String> got = bodies("q");
        assertThat(got).hasSize(3000).startsWith("m0", "m1").endsWith("m2999");
        assertThat(got).isSortedAccordingTo(
                (a, b) -> Integer.compare(Integer.parseInt(a.substring(1)),
                        Integer.parseInt(b.substring(1))));
    }

    @Test
    void aRestartForgetsTheHistory() {
        declare(Map.of());
        publish(3);
        host.close();
        engine = engine.restart();
        host.abandon();
        host = new Host(engine, time);

        bindQueue("q");

        assertThat(bodies("q")).isEmpty();
        publish(1);
        assertThat(bodies("q")).containsExactly("m0");
    }

    @Test
    void impossibleLengthsAreRefusedInTheWordsOfThePlugin() {
        Map<FieldValue, String> shown = Map.of(new FieldValue.Text("5"), "<<\"5\">>",
                new FieldValue.Int32(0), "0",
                new FieldValue.Int32(-1), "-1", new FieldValue.Bool(true), "true",
                new FieldValue.Float64(2),
                "2.0",
                new FieldValue.None(), "undefined");
        shown.forEach((value, text) -> assertThatThrownBy(() -> declare(Map.of(LENGTH, value)))
                .hasStackTraceContaining("Invalid argument " + text
                        + ", 'x-recent-history-length' must be a positive integer"));
    }
}
