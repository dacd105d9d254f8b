package io.taffrail.broker.vhost;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.broker.exchange.Binding;
import io.taffrail.broker.exchange.ExchangeDeclaration;
import io.taffrail.broker.message.ByteText;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.queue.GetHolder;
import io.taffrail.broker.vhost.Host.Got;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Routing keys, header names and text values that are not UTF-8 pass unchanged. */
class RawBytesTest extends HostTest {

    private static final byte[] GUID = HexFormat.of()
            .parseHex("8f00ff10c3a9fe7f0102d8d9dadbdcdd");
    private static final String KEY = ByteText.of(new byte[]{'c', 'a', 'f', (byte) 0xE9});

    private static FieldValue text(byte... bytes) {
        return new FieldValue.Text(ByteText.of(bytes));
    }

    private static Properties properties(Map<String, FieldValue> more) {
        Map<String, FieldValue> headers = new LinkedHashMap<>();
        headers.put(KEY, text(GUID));
        headers.putAll(more);
        return Properties.none().withText(Property.MESSAGE_ID, KEY)
                .withHeaders(FieldTable.of(headers));
    }

    private static void assertKept(Got got) {
        byte[] section = new byte[got.properties().section().remaining()];
        got.properties().section().duplicate().get(section);
        String all = new String(section, StandardCharsets.ISO_8859_1);
        assertThat(all).contains("\4caf\u00e9S\0\0\0\20"
                + new String(GUID, StandardCharsets.ISO_8859_1));
        assertThat(got.properties().text(Property.MESSAGE_ID)).contains(KEY);
        assertThat(ByteText.bytes(got.properties().text(Property.MESSAGE_ID).orElseThrow()))
                .isEqualTo(ByteText.bytes(KEY));
    }

    private Got get(String queue) {
        return host.get(queue, Optional.empty()).orElseThrow();
    }

    private void bind(String exchange, String key, Map<String, FieldValue> arguments) {
        var _ = host.await(() -> host.api().bind(
                new Binding(exchange, "q", true, key, FieldTable.of(arguments)), Host.SESSION));
    }

    private void send(String exchange, Map<String, FieldValue> headers) {
        assertThat(host.awaitConfirm(host.send(exchange, KEY, "m", properties(headers)))).isTrue();
    }

    @Test
    void deadLettersKeepThem() {
        var _ = host.declare("dead", Map.of());
        var _ = host.declare("q", Map.of("x-message-ttl", new FieldValue.Int32(100),
                "x-dead-letter-exchange", new FieldValue.Text("amq.fanout")));
        bind("amq.direct", KEY, Map.of());
        var _ = host.await(() -> host.api().bind(
                new Binding("amq.fanout", "dead", true, "", FieldTable.EMPTY), Host.SESSION));
        send("amq.direct", Map.of("CC", new FieldValue.ListOf(List.of(text(GUID)))));
        assertThat(host.status("q").ready()).isEqualTo(1);

        time.pass(100, host.owner());

        Got dead = get("dead");
        assertKept(dead);
        assertThat(ByteText.bytes(dead.key())).isEqualTo(ByteText.bytes(KEY));
        assertThat(dead.properties().headers().get("x-death").orElseThrow())
                .isInstanceOfSatisfying(FieldValue.ListOf.class, deaths -> assertThat(
                        deaths.values())
                        .first().isInstanceOfSatisfying(FieldValue.TableOf.class,
                                death -> assertThat(death.table().get("routing-keys")).contains(
                                        new FieldValue.ListOf(List.of(new FieldValue.Text(KEY),
                                                text(GUID))))));
    }

    @Test
    void keysOfCarbonCopiesAreComparedAsBytes() {
        var _ = host.declare("q", Map.of());
        bind("amq.direct", ByteText.of(GUID), Map.of());

        send("amq.direct", Map.of("BCC", new FieldValue.ListOf(List.of(text((byte) 0xFF)))));
        assertThat(host.status("q").ready()).isZero();
        send("amq.direct", Map.of("BCC", new FieldValue.ListOf(List.of(text(GUID)))));

        Got got = get("q");
        assertKept(got);
        assertThat(got.properties().headers().get("BCC")).isEmpty();
    }

    @Test
    void redeliveriesOfQuorumQueuesKeepThem() {
        var _ = host.declare("q", Map.of("x-queue-type", new FieldValue.Text("quorum")));
        bind("amq.direct", KEY, Map.of());
        send("amq.direct", Map.of());
        GetHolder holder = host.owner().call(() -> new GetHolder(List.of()));
        Got first = host.get("q", Optional.of(holder)).orElseThrow();
        host.run(first.delivery()::requeue);

        Got second = get("q");

        assertKept(second);
        assertThat(second.properties().headers().get("x-delivery-count"))
                .contains(new FieldValue.Int64(1));
    }

    @Test
    void delayedMessagesKeepThem() {
        var _ = host.declare("q", Map.of());
        ExchangeDeclaration later = new ExchangeDeclaration("later", "x-delayed-message", true,
                false, false,
                FieldTable.of(Map.of("x-delayed-type", new FieldValue.Text("direct"))));
        var _ = host.await(() -> host.api().declareExchange(later));
        bind("later", KEY, Map.of());
        send("later", Map.of("x-delay", new FieldValue.Int32(100)));
        assertThat(host.status("q").ready()).isZero();

        time.pass(100, host.owner());

        assertKept(get("q"));
    }

    @Test
    void headersAreComparedAsBytes() {
        var _ = host.declare("q", Map.of());
        bind("amq.headers", "", Map.of(KEY, text(GUID)));

        assertThat(host.awaitConfirm(host.send("amq.headers", "k", "other", Properties.none()
                .withHeaders(FieldTable.of(Map.of(KEY, text((byte) 0xFE, (byte) 0xFF)))))))
                .isTrue();
        assertThat(host.status("q").ready()).isZero();
        send("amq.headers", Map.of());

        assertKept(get("q"));
    }

    @Test
    void bindingsComeBackAfterARestart() {
        var _ = host.declare("q", Map.of());
        bind("amq.headers", ByteText.of(new byte[]{(byte) 0xE9}), Map.of(KEY, text(GUID)));
        host.close();
        engine = engine.restart();
        host = new Host(engine, time);

        send("amq.headers", Map.of());

        assertKept(get("q"));
        var _ = host.await(() -> host.api().unbind(new Binding("amq.headers", "q", true,
                ByteText.of(new byte[]{(byte) 0xE9}), FieldTable.of(Map.of(KEY, text(GUID)))),
                Host.SESSION));
        send("amq.headers", Map.of());
        assertThat(host.status("q").ready()).isZero();
    }
}
