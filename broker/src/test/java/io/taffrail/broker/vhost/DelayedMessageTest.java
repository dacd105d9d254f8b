package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.queue.DelayedMessages;
import io.taffrail.broker.queue.DelayedMessages.Pending;
import io.taffrail.broker.vhost.Host.Got;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Exchanges that delay messages. */
class DelayedMessageTest extends HostTest {

    @BeforeEach
    void declare() {
        var _ = host.declare("q", Map.of());
        ExchangeDeclaration exchange = new ExchangeDeclaration("later", "x-delayed-message", true,
                false, false,
                FieldTable.of(Map.of("x-delayed-type", new FieldValue.Text("direct"))));
        var _ = host.await(() -> host.api().declareExchange(exchange));
        var _ = host.await(() -> host.api()
                .bind(new Binding("later", "q", true, "k", FieldTable.EMPTY), Host.SESSION));
    }

    private void publish(String body, int delayMs) {
        Properties properties = Properties.none()
                .withHeaders(FieldTable.of(Map.of("x-delay", new FieldValue.Int32(delayMs))));
        assertThat(host.awaitConfirm(host.send("later", "k", body, properties))).isTrue();
    }

    private Optional<Got> get() {
        return host.get("q", Optional.empty());
    }

    @Test
    void messageComesWhenItsTimeHasCome() {
        publish("slow", 200);
        publish("fast", 100);
        publish("now", 0);
        assertThat(get()).map(Got::body).contains("now");

        time.pass(99, host.owner());
        assertThat(get()).isEmpty();
        time.pass(1, host.owner());
        Got fast = get().orElseThrow();
        assertThat(fast.body()).isEqualTo("fast");
        assertThat(fast.exchange()).isEqualTo("later");
        assertThat(fast.properties().headers().get("x-delay")).contains(new FieldValue.Int32(-100));
        time.pass(100, host.owner());

        assertThat(get()).map(Got::body).contains("slow");
    }

    /** As in RabbitMQ's plugin. */
    @Test
    void delaysMayBeTextOrFloatingPoint() {
        Map<FieldValue, Long> delays = new LinkedHashMap<>();
        delays.put(new FieldValue.Text("700"), 700L);
        delays.put(new FieldValue.Text("+700"), 700L);
        delays.put(new FieldValue.Text("9".repeat(40)), (1L << 32) - 1);
        delays.put(new FieldValue.Float64(700.9), 700L);
        delays.put(new FieldValue.Float32(700.25f), 700L);
        delays.put(new FieldValue.Float64(1e300), (1L << 32) - 1);
        delays.put(new FieldValue.UInt32(700), 700L);
        for (FieldValue none : List.of(new FieldValue.Text(""), new FieldValue.Text("700.5"),
                new FieldValue.Text("7e2"), new FieldValue.Text(" 700"),
                new FieldValue.Text("-700"),
                new FieldValue.Text("\u0667"), new FieldValue.Text("9".repeat(10_000)),
                new FieldValue.Float64(-700), new FieldValue.Float64(Double.NaN),
                new FieldValue.Float64(0.9),
                new FieldValue.Bool(true), new FieldValue.None(),
                new FieldValue.Bytes(new byte[]{'7'}))) {
            delays.put(none, 0L);
        }
        delays.forEach((value, ms) -> assertThat(DelayedMessages.delayMs(Properties.none()
                .withHeaders(FieldTable.of(Map.of("x-delay", value))))).as("%s", value)
                .isEqualTo(ms));
    }

    @Test
    void messageWhoseTimeCameWhileTheHostWasAwayGoesToItsQueue() {
        publish("late", 100);
        engine = engine.restart();
        host.abandon();
        time.forget();
        time.advance(100);

        host = Host.hasty(engine, time);

        assertThat(get()).map(Got::body).contains("late");
    }

    @Test
    void pendingMessagesAreListedAndCancelled() {
        publish("first", 200);
        publish("second", 100);
        publish("third", 100);
        List<Pending> pending = host.owner().call(() -> host.api().pending().list(0, 2));
        assertThat(pending).extracting(Pending::bodyBytes).containsExactly(5, 6);
        Pending second = pending.get(1);
        assertThat(second.dueAtMs()).isEqualTo(time.millis() + 100);
        assertThat(second.exchange()).isEqualTo("later");
        assertThat(second.routingKey()).isEqualTo("k");

        assertThat(host.await(() -> host.api().pending().cancel(second.number()))).isTrue();
        assertThat(host.await(() -> host.api().pending().cancel(second.number()))).isFalse();

        crash();
        assertThat(host.owner().call(() -> host.api().pending().count())).isEqualTo(2);
        time.pass(200, host.owner());
        assertThat(get()).map(Got::body).contains("third");
        assertThat(get()).map(Got::body).contains("first");
        assertThat(get()).isEmpty();
    }

    @Test
    @Timeout(60)
    void manyPendingMessagesComeEachAtItsTimeAfterACrash() {
        int many = 20_000;
        host.run(() -> {
            for (int index = 0; index < many; index++) {
                host.postNow("later", "k", "m", Properties.none().withHeaders(FieldTable
                        .of(Map.of("x-delay",
                                new FieldValue.Int32(600_000 + 60_000 * (index % 10))))));
            }
        });
        publish("last", 600_000);
        crash();
        assertThat(host.owner().call(() -> host.api().pending().count())).isEqualTo(many + 1);

        for (int passed = 0; passed < 599_000; passed += 1000) {
            time.pass(1000, host.owner());
        }
        assertThat(host.status("q").ready()).isZero();
        time.pass(1000, host.owner());

        // A step begins when the messages of the last one are durable.
        while (host.owner().call(() -> host.api().pending().count()) > many - many / 10) {
            Thread.onSpinWait();
        }
        assertThat(host.status("q").ready()).isEqualTo(many / 10 + 1);
        assertThat(host.owner().call(() -> host.api().pending().count()))
                .isEqualTo(many - many / 10);
    }

    @Test
    void cancelledMessageDoesNotCome() {
        publish("m", 100);
        assertThat(host.await(() -> host.api().pending().cancel(0))).isTrue();

        time.pass(100, host.owner());

        assertThat(get()).isEmpty();
        assertThat(host.owner().call(() -> host.api().pending().count())).isZero();
    }

    @Test
    void messageWaitsOnAfterACrash() {
        publish("m", 100);
        crash();
        assertThat(get()).isEmpty();

        time.pass(100, host.owner());

        assertThat(get()).map(Got::body).contains("m");
        assertThat(get()).isEmpty();
    }
}
