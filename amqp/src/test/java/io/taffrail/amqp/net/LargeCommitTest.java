package io.taffrail.amqp.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.taffrail.amqp.codec.BasicMethod;
import io.taffrail.amqp.codec.ChannelMethod;
import io.taffrail.amqp.codec.ExchangeMethod;
import io.taffrail.amqp.codec.QueueMethod;
import io.taffrail.amqp.codec.TxMethod;
import io.taffrail.broker.message.FieldTable;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A transaction with many messages is committed as a whole, and other clients are served. */
@Timeout(120)
class LargeCommitTest {

    private static final int MESSAGES = 4_000;
    private static final int QUEUES = 5;

    @RegisterExtension
    final LiveHead head = new LiveHead();

    private void declare() throws Exception {
        try (Connection client = head.clients().newConnection()) {
            Channel channel = client.createChannel();
            var _ = channel.exchangeDeclare("x", "fanout");
            for (int index = 0; index < QUEUES; index++) {
                var _ = channel.queueDeclare("q" + index, false, false, false, Map.of());
                var _ = channel.queueBind("q" + index, "x", "");
            }
            var _ = channel.queueDeclare("source", false, false, false, Map.of());
            channel.basicPublish("", "source", null, new byte[1]);
        }
    }

    private static ByteBuf messages() {
        ByteBuf out = Unpooled.buffer();
        for (int index = 0; index < MESSAGES; index++) {
            RawFrames.message(out, new BasicMethod.Publish("x", "", false, false), 1);
        }
        return out;
    }

    /** Begins a transaction that settles one delivery and publishes many messages. */
    private static void begin(RawClient client) throws Exception {
        client.send(1, new ChannelMethod.Open(""), new TxMethod.Select(),
                new BasicMethod.Get("source", false));
        assertThat(client.receive()).isInstanceOf(ChannelMethod.OpenOk.class);
        assertThat(client.receive()).isInstanceOf(TxMethod.SelectOk.class);
        assertThat(client.receive()).isInstanceOf(BasicMethod.GetOk.class);
        client.send(1, new BasicMethod.Ack(1, false));
        client.send(messages());
        assertThat(count(client, "source")).as("answered after the messages").isZero();
    }

    private static void open(RawClient client) throws Exception {
        client.send(1, new ChannelMethod.Open(""));
        assertThat(client.receive()).isInstanceOf(ChannelMethod.OpenOk.class);
    }

    private static long count(RawClient client, String queue) throws Exception {
        ask(client, queue);
        return answer(client);
    }

    private static void ask(RawClient client, String queue) throws Exception {
        client.send(1, new QueueMethod.Declare(queue, true, false, false, false, false,
                FieldTable.EMPTY));
    }

    private static long answer(RawClient client) throws Exception {
        return ((QueueMethod.DeclareOk) client.receive()).messageCount();
    }

    private void onLoop(Runnable task) {
        head.broker().virtualHosts().find("/").orElseThrow().owner().execute(task);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void anotherConnectionIsServedBeforeTheStepAndSeesAllOfItAfterwards() throws Exception {
        declare();
        try (RawClient client = new RawClient(head.port()).open();
                RawClient other = new RawClient(head.port()).open()) {
            open(other);
            begin(client);
            CountDownLatch sent = new CountDownLatch(1);
            onLoop(() -> await(sent));
            // Both sockets are readable when the loop runs again, the committing client's first.
            client.send(1, new TxMethod.Commit());
            ask(other, "q0");
            sent.countDown();

            assertThat(answer(other)).as("before the atomic step").isZero();
            assertThat(client.receive()).isInstanceOf(TxMethod.CommitOk.class);
            for (int index = 0; index < QUEUES; index++) {
                assertThat(count(other, "q" + index)).isEqualTo(MESSAGES);
            }
            assertThat(count(other, "source")).isZero();
        }
    }

    @Test
    void aConnectionThatEndsMeanwhileCommitsAllOrNothing() throws Exception {
        declare();
        try (RawClient other = new RawClient(head.port()).open()) {
            open(other);
            try (RawClient client = new RawClient(head.port()).open()) {
                begin(client);
                CountDownLatch sent = new CountDownLatch(1);
                onLoop(() -> await(sent));
                client.send(1, new TxMethod.Commit(), new ChannelMethod.Close(200, "", 0, 0));
                sent.countDown();
            }
            long published = 0;
            long returned = 0;
            while (published == 0 && returned == 0) {
                published = count(other, "q0");
                returned = count(other, "source");
            }

            assertThat(published == MESSAGES ^ returned == 1).isTrue();
        }
    }

    @Test
    void whatACommitRefusesIsUndone() throws Exception {
        declare();
        try (RawClient other = new RawClient(head.port()).open();
                RawClient client = new RawClient(head.port()).open()) {
            open(other);
            begin(client);
            other.send(1, new ExchangeMethod.Delete("x", false, false));
            assertThat(other.receive()).isInstanceOf(ExchangeMethod.DeleteOk.class);

            client.send(1, new TxMethod.Commit());

            assertThat(client.receive()).isInstanceOfSatisfying(ChannelMethod.Close.class,
                    it -> assertThat(it.replyCode()).isEqualTo(404));
            assertThat(count(other, "q0")).isZero();
            assertThat(count(other, "source")).as("the delivery is back").isEqualTo(1);
        }
    }
}
