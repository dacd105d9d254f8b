package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.vhost.Host.Got;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Exchanges and queues that drop duplicates. */
class DeduplicationTest extends HostTest {

    private static final FieldValue SOME = new FieldValue.Text("some");

    private void exchange(Map<String, FieldValue> arguments) {
        ExchangeDeclaration exchange = new ExchangeDeclaration("once", "x-message-deduplication",
                true, false, false, FieldTable.of(arguments));
        var _ = host.await(() -> host.api().declareExchange(exchange));
        var _ = host.declare("q", Map.of());
        bind("q");
    }

    private void bind(String queue) {
        var _ = host.await(() -> host.api()
                .bind(new Binding("once", queue, true, "", FieldTable.EMPTY), Host.SESSION));
    }

    private void queue(Map<String, FieldValue> more) {
        Map<String, FieldValue> arguments = new HashMap<>(more);
        arguments.put("x-message-deduplication", new FieldValue.Bool(true));
        var _ = host.declare("q", arguments);
    }

    private static FieldValue number(int value) {
        return new FieldValue.Int32(value);
    }

    private static Properties marked(FieldValue mark) {
        return Properties.none().withHeaders(FieldTable.of(Map.of("x-deduplication-header", mark)));
    }

    private boolean publish(String exchange, String body, Properties properties) {
        return host.awaitConfirm(host.send(exchange, "q", body, properties));
    }

    private List<String> drain() {
        List<String> bodies = new ArrayList<>();
        for (Optional<Got> got = get(); got.isPresent(); got = get()) {
            bodies.add(got.get().body());
        }
        return bodies;
    }

    private Optional<Got> get() {
        return host.get("q", Optional.empty());
    }

    @Test
    void exchangeDropsAndConfirmsWhatItHasSeen() {
        exchange(Map.of("x-cache-size", number(10)));

        assertThat(publish("once", "a", marked(SOME))).isTrue();
        assertThat(publish("once", "again", marked(SOME))).isTrue();
        assertThat(publish("once", "other", marked(number(1)))).isTrue();
        assertThat(publish("once", "same number", marked(new FieldValue.Int64(1)))).isTrue();
        assertThat(publish("once", "unmarked", Properties.none())).isTrue();
        assertThat(publish("once", "unmarked", Properties.none())).isTrue();

        assertThat(drain()).containsExactly("a", "other", "unmarked", "unmarked");
        assertThat(publish("once", "consumed is seen", marked(SOME))).isTrue();
        assertThat(get()).isEmpty();
    }

    @Test
    void marksSurviveACrash() {
        exchange(Map.of("x-cache-size", number(10)));
        publish("once", "a", marked(SOME));

        crash();

        assertThat(publish("once", "again", marked(SOME))).isTrue();
        assertThat(drain()).containsExactly("a");
    }

    @Test
    void marksInMemoryAreForgottenInACrash() {
        exchange(Map.of("x-cache-size", number(10), "x-cache-persistence",
                new FieldValue.Text("memory")));
        publish("once", "a", marked(SOME));

        crash();

        assertThat(publish("once", "again", marked(SOME))).isTrue();
        assertThat(drain()).containsExactly("a", "again");
    }

    @Test
    void marksEndAtTheirTime() {
        exchange(Map.of("x-cache-size", number(10), "x-cache-ttl", number(100)));
        publish("once", "a", marked(SOME));
        Properties longer = Properties.none().withHeaders(FieldTable.of(Map
                .of("x-deduplication-header", number(7), "x-cache-ttl", number(1000))));
        publish("once", "b", longer);
        time.pass(99, host.owner());
        publish("once", "too early", marked(SOME));
        crash();

        time.pass(1, host.owner());
        publish("once", "again", marked(SOME));
        publish("once", "still there", marked(number(7)));

        assertThat(drain()).containsExactly("a", "b", "again");
    }

    @Test
    void oldestMarkMakesRoom() {
        exchange(Map.of("x-cache-size", number(2)));
        publish("once", "1", marked(number(1)));
        publish("once", "2", marked(number(2)));
        publish("once", "3", marked(number(3)));

        publish("once", "1 again", marked(number(1)));
        publish("once", "3 again", marked(number(3)));

        assertThat(drain()).containsExactly("1", "2", "3", "1 again");
    }

    @Test
    void messageThatAQueueRefusedLeavesNoMark() {
        exchange(Map.of("x-cache-size", number(10)));
        var _ = host.declare("full", Map.of("x-max-length", number(0), "x-overflow",
                new FieldValue.Text("reject-publish")));
        bind("full");
        assertThat(publish("once", "a", marked(SOME))).isFalse();
        assertThat(host.await(() -> host.api().deleteQueue("full", Host.SESSION, false, false)))
                .isZero();

        assertThat(publish("once", "again", marked(SOME))).isTrue();

        assertThat(drain()).containsExactly("a", "again");
    }

    @Test
    void messageWithSeveralKeysIsNoDuplicateOfItself() {
        exchange(Map.of("x-cache-size", number(10), "alternate-exchange",
                new FieldValue.Text("amq.fanout")));
        var _ = host.declare("rest", Map.of());
        var _ = host.await(() -> host.api()
                .bind(new Binding("amq.fanout", "rest", true, "", FieldTable.EMPTY), Host.SESSION));
        Properties several = Properties.none().withHeaders(FieldTable.of(Map.of(
                "x-deduplication-header", SOME, "CC",
                new FieldValue.ListOf(
                        List.of(new FieldValue.Text("x"), new FieldValue.Text("y"))))));

        publish("once", "a", several);
        publish("once", "duplicate", several);

        assertThat(drain()).containsExactly("a");
        assertThat(host.get("rest", Optional.empty())).map(Got::body).contains("duplicate");
    }

    @Test
    void exchangeMadeAnewHasSeenNothing() {
        exchange(Map.of("x-cache-size", number(10)));
        publish("once", "a", marked(SOME));
        var _ = host.await(() -> host.api().deleteExchange("once", false));
        exchange(Map.of("x-cache-size", number(10)));

        publish("once", "again", marked(SOME));

        assertThat(drain()).containsExactly("a", "again");
    }

    @Test
    void refusesArgumentsThatAreNotPossible() {
        assertThatThrownBy(() -> exchange(Map.of())).hasMessage("Missing or invalid argument,"
                + " 'x-cache-size' must be an integer greater than 0");
        assertThatThrownBy(() -> exchange(Map.of("x-cache-size", number(1), "x-cache-ttl",
                number(0)))).hasMessage(
                        "Invalid argument, 'x-cache-ttl' must be an integer greater than 0");
        assertThatThrownBy(() -> exchange(Map.of("x-cache-size", number(1),
                "x-cache-persistence", SOME))).hasMessage("Invalid argument,"
                        + " 'x-cache-persistence' must be either 'disk' or 'memory'");
    }

    @Test
    void queueDropsADuplicateOfWhatItHolds() {
        queue(Map.of());
        publish("", "a", marked(SOME));
        assertThat(publish("", "duplicate", marked(SOME))).isTrue();
        GetHolder holder = host.owner().call(() -> new GetHolder(List.of()));
        assertThat(host.get("q", Optional.of(holder))).map(Got::body).contains("a");
        publish("", "duplicate of what is held", marked(SOME));
        crash();
        publish("", "duplicate after a crash", marked(SOME));
        Got held = host.get("q", Optional.of(holder)).orElseThrow();
        assertThat(held.body()).isEqualTo("a");

        host.settle(held.delivery()::accept);
        publish("", "b", marked(SOME));

        assertThat(drain()).containsExactly("b");
        publish("", "c", marked(SOME));
        assertThat(drain()).containsExactly("c");
    }

    @Test
    void queueForgetsWhatExpiresOverflowsOrIsPurged() {
        queue(Map.of("x-max-length", number(1), "x-message-ttl", number(100)));
        publish("", "a", marked(number(1)));
        publish("", "b", marked(number(2)));
        publish("", "a again", marked(number(1)));
        assertThat(drain()).containsExactly("a again");

        publish("", "c", marked(number(3)).withText(Property.EXPIRATION, "50"));
        time.pass(50, host.owner());
        publish("", "c again", marked(number(3)));
        assertThat(drain()).containsExactly("c again");

        publish("", "d", marked(number(4)));
        assertThat(host.await(() -> host.api().purgeQueue("q", Host.SESSION))).isEqualTo(1);
        publish("", "d again", marked(number(4)));
        assertThat(drain()).containsExactly("d again");
    }
}
