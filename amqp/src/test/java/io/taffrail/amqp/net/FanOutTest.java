package io.taffrail.amqp.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.taffrail.amqp.codec.BasicMethod;
import io.taffrail.amqp.codec.ChannelMethod;
import io.taffrail.amqp.codec.ConfirmMethod;
import io.taffrail.amqp.codec.ExchangeMethod;
import io.taffrail.amqp.codec.Frame;
import io.taffrail.amqp.codec.QueueMethod;
import io.taffrail.broker.message.FieldTable;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A message routed to many queues is expensive: its publisher waits, and other clients do not. */
@Timeout(60)
class FanOutTest {

    private static final int QUEUES = 200;
    /** All of these messages fit into one read of the socket. */
    private static final int MESSAGES = 1000;

    @RegisterExtension
    final LiveHead head = new LiveHead();

    @Test
    void anotherConnectionIsServedBetweenTheMessagesOfOneRead() throws Exception {
        declare();
        try (RawClient publisher = new RawClient(head.port()).open();
                RawClient other = new RawClient(head.port()).open()) {
            open(publisher);
            open(other);
            // The adaptive receive buffer grows, so that one read takes all later messages.
            publisher.send(messages(10 * MESSAGES, ""));
            publisher.send(1, new ConfirmMethod.Select(false));
            assertThat(publisher.receive()).isInstanceOf(ConfirmMethod.SelectOk.class);
            CountDownLatch written = new CountDownLatch(1);
            head.broker().virtualHosts().find("/").orElseThrow().owner()
                    .execute(() -> await(written));

            // Both sockets are readable when the loop runs again, the publisher's first.
            publisher.send(messages(MESSAGES, "x"));
            ask(other);
            written.countDown();

            assertThat(count(other)).as("when the other is answered").isLessThan(MESSAGES / 2);
            awaitLastConfirm(publisher);
            ask(other);
            assertThat(count(other)).isEqualTo(MESSAGES);
        }
    }

    @Test
    void anotherConnectionIsServedBetweenTheDeclaresOfOneRead() throws Exception {
        try (RawClient declaring = new RawClient(head.port()).open();
                RawClient other = new RawClient(head.port()).open()) {
            open(declaring);
            open(other);
            // The adaptive receive buffer grows, so that one read takes all later declares.
            declaring.send(declares("x"));
            declaring.send(declares("y"));
            declaring.send(1, new ConfirmMethod.Select(false));
            assertThat(declaring.receive()).isInstanceOf(ConfirmMethod.SelectOk.class);
            CountDownLatch written = new CountDownLatch(1);
            head.broker().virtualHosts().find("/").orElseThrow().owner()
                    .execute(() -> await(written));

            declaring.send(declares("z"));
            other.send(1, look("z" + (MESSAGES - 1)));
            written.countDown();

            assertThat(other.receive()).as("before the last is there")
                    .isInstanceOf(ChannelMethod.Close.class);
            declaring.send(1, new ConfirmMethod.Select(false));
            assertThat(declaring.receive()).isInstanceOf(ConfirmMethod.SelectOk.class);
            other.send(2, new ChannelMethod.Open(""), look("z" + (MESSAGES - 1)));
            assertThat(other.receive()).isInstanceOf(ChannelMethod.OpenOk.class);
            assertThat(other.receive()).isInstanceOf(ExchangeMethod.DeclareOk.class);
        }
    }

    private static ByteBuf declares(String prefix) {
        ByteBuf out = Unpooled.buffer();
        for (int index = 0; index < MESSAGES; index++) {
            Frame.method(out, 1, new ExchangeMethod.Declare(prefix + index, "direct", false,
                    false, false, false, true, FieldTable.EMPTY));
        }
        return out;
    }

    private static ExchangeMethod.Declare look(String exchange) {
        return new ExchangeMethod.Declare(exchange, "direct", true, false, false, false, false,
                FieldTable.EMPTY);
    }

    private void declare() throws Exception {
        try (Connection client = head.clients().newConnection()) {
            Channel channel = client.createChannel();
            var _ = channel.exchangeDeclare("x", "fanout");
            bind(channel, "all", Map.of());
            for (int index = 0; index < QUEUES; index++) {
                bind(channel, "q" + index, Map.of("x-max-length", 1));
            }
        }
    }

    private static void bind(Channel channel, String queue, Map<String, Object> arguments)
            throws Exception {
        var _ = channel.queueDeclare(queue, false, false, false, arguments);
        var _ = channel.queueBind(queue, "x", "");
    }

    private static void open(RawClient client) throws Exception {
        client.send(1, new ChannelMethod.Open(""));
        assertThat(client.receive()).isInstanceOf(ChannelMethod.OpenOk.class);
    }

    private static ByteBuf messages(int count, String exchange) {
        ByteBuf out = Unpooled.buffer();
        for (int index = 0; index < count; index++) {
            RawFrames.message(out, new BasicMethod.Publish(exchange, "", false, false), 0);
        }
        return out;
    }

    private static void awaitLastConfirm(RawClient client) throws Exception {
        while (!(client.receive() instanceof BasicMethod.Ack ack)
                || ack.deliveryTag() < MESSAGES) {
            // Skip earlier confirms.
        }
    }

    private static void ask(RawClient client) throws Exception {
        client.send(1, new QueueMethod.Declare("all", true, false, false, false, false,
                FieldTable.EMPTY));
    }

    private static long count(RawClient client) throws Exception {
        return ((QueueMethod.DeclareOk) client.receive()).messageCount();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
