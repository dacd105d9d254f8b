package io.taffrail.amqp.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.taffrail.amqp.codec.BasicMethod;
import io.taffrail.amqp.codec.ChannelMethod;
import io.taffrail.amqp.codec.ConfirmMethod;
import io.taffrail.amqp.codec.Frame;
import io.taffrail.amqp.codec.QueueMethod;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Properties;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A small message with many routing keys for an exchange with many patterns takes long to route:
 * its publisher waits, and other clients do not.
 */
@Timeout(120)
class LongPublishHeadTest {

    private static final int PATTERN_BITS = 8;
    private static final int KEYS = 100;

    @RegisterExtension
    final LiveHead head = new LiveHead();

    /** Patterns of * and # in all mixtures, each ended by {@code last}. */
    private void declare(String exchange, String last) throws Exception {
        try (Connection client = head.clients().newConnection()) {
            Channel channel = client.createChannel();
            var _ = channel.exchangeDeclare(exchange, "topic");
            var _ = channel.queueDeclare("q", false, false, false, Map.of());
            for (int bits = 0; bits < 1 << PATTERN_BITS; bits++) {
                StringBuilder pattern = new StringBuilder("#");
                for (int bit = 0; bit < PATTERN_BITS; bit++) {
                    pattern.append((bits >> bit & 1) == 0 ? ".*" : ".#");
                }
                var _ = channel.queueBind("q", exchange, pattern + last);
            }
        }
    }

    private static ByteBuf publish(String exchange, String key, boolean mandatory,
            Properties properties, String body) {
        ByteBuf out = Unpooled.buffer();
        Frame.method(out, 1, new BasicMethod.Publish(exchange, key, mandatory, false));
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        int start = Frame.begin(out, Frame.HEADER, 1);
        out.writeShort(60).writeShort(0).writeLong(bytes.length)
                .writeBytes(properties.section().duplicate());
        Frame.end(out, start);
        start = Frame.begin(out, Frame.BODY, 1);
        out.writeBytes(bytes);
        Frame.end(out, start);
        return out;
    }

    private static Properties manyKeys() {
        List<FieldValue> keys = new ArrayList<>(
                Collections.nCopies(KEYS, new FieldValue.Text("a" + ".a".repeat(120))));
        return Properties.none().withHeaders(
                FieldTable.of(Map.of("CC", new FieldValue.ListOf(keys))));
    }

    private static void open(RawClient client) throws Exception {
        client.send(1, new ChannelMethod.Open(""));
        assertThat(client.receive()).isInstanceOf(ChannelMethod.OpenOk.class);
        client.send(1, new ConfirmMethod.Select(false));
        assertThat(client.receive()).isInstanceOf(ConfirmMethod.SelectOk.class);
    }

    private static void ask(RawClient client) throws Exception {
        client.send(1, new QueueMethod.Declare("q", true, false, false, false, false,
                FieldTable.EMPTY));
    }

    private static long count(RawClient client) throws Exception {
        return ((QueueMethod.DeclareOk) client.receive()).messageCount();
    }

    private static void awaitConfirm(RawClient client, long tag) throws Exception {
        long confirmed = 0;
        while (confirmed < tag) {
            confirmed = ((BasicMethod.Ack) client.receive()).deliveryTag();
        }
    }

    private CountDownLatch stopLoop() {
        CountDownLatch written = new CountDownLatch(1);
        head.broker().virtualHosts().find("/").orElseThrow().owner().execute(() -> {
            try {
                written.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        return written;
    }

    @Test
    void anotherConnectionIsServedWhileOneMessageIsRouted() throws Exception {
        declare("x", "");
        try (RawClient publisher = new RawClient(head.port()).open();
                RawClient other = new RawClient(head.port()).open()) {
            open(publisher);
            open(other);
            // The adaptive receive buffer grows, so that one read takes the whole long message.
            for (int sent = 1; sent <= 20; sent++) {
                publisher.send(publish("", "none", false, Properties.none(), "x".repeat(100_000)));
            }
            awaitConfirm(publisher, 20);
            CountDownLatch written = stopLoop();
            // Both sockets are readable when the loop runs again, the publisher's first.
            publisher.send(publish("x", "a", false, manyKeys(), "long"));
            publisher.send(publish("", "q", false, Properties.none(), "short"));
            ask(other);
            written.countDown();

            assertThat(count(other)).as("before the first message is stored").isZero();
            awaitConfirm(publisher, 22);
            publisher.send(1, new BasicMethod.Get("q", true));
            assertThat(publisher.receive()).isInstanceOfSatisfying(BasicMethod.GetOk.class,
                    first -> assertThat(first.exchange()).isEqualTo("x"));
        }
    }

    @Test
    void anUnroutableMessageIsReturnedAndThenConfirmed() throws Exception {
        declare("x", ".z");
        try (RawClient publisher = new RawClient(head.port()).open()) {
            open(publisher);
            publisher.send(publish("x", "a", true, manyKeys(), "long"));

            assertThat(publisher.receive()).isInstanceOfSatisfying(BasicMethod.Return.class,
                    it -> assertThat(it.exchange()).isEqualTo("x"));
            assertThat(publisher.receive()).isEqualTo(new BasicMethod.Ack(1, false));
        }
    }

    @Test
    void aConnectionThatEndsMeanwhileHarmsNobody() throws Exception {
        declare("x", "");
        try (RawClient other = new RawClient(head.port()).open()) {
            open(other);
            try (RawClient publisher = new RawClient(head.port()).open()) {
                open(publisher);
                publisher.send(publish("x", "a", false, manyKeys(), "long"));
            }

            long count = 0;
            while (count == 0) {
                ask(other);
                count = count(other);
            }
            assertThat(count).isEqualTo(1);
        }
    }
}
