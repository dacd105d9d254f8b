package io.taffrail.amqp.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.taffrail.amqp.codec.BasicMethod;
import io.taffrail.amqp.codec.ChannelMethod;
import io.taffrail.amqp.codec.ConnectionMethod;
import io.taffrail.amqp.codec.Frame;
import io.taffrail.net.MemoryBudget;
import io.taffrail.net.NetConfig;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** At a configured limit a request is refused or waits; below it, it succeeds. */
class LimitsTest {

    private static final int PATIENCE_S = 20;
    private static final int UNSETTLED = 10;
    private static final int MESSAGE_BYTES = 10_000;

    @RegisterExtension
    final LiveHead head = new LiveHead(MemoryBudget.of(NetConfig.defaults()),
            Settings.with(Map.of("channelMax", 3, "frameMaxBytes", 8192, "maxMessageBytes",
                    MESSAGE_BYTES, "maxUnsettled", UNSETTLED)));

    private RawClient client(int channels) throws Exception {
        RawClient client = new RawClient(head.port());
        client.header();
        client.receive();
        client.send(0, RawClient.login("PLAIN", "\0guest\0guest"),
                new ConnectionMethod.TuneOk(channels, 8192, 0),
                new ConnectionMethod.Open("/", "", false));
        assertThat(client.receive()).isEqualTo(new ConnectionMethod.Tune(3, 8192, 60));
        assertThat(client.receive()).isInstanceOf(ConnectionMethod.OpenOk.class);
        return client;
    }

    @Test
    void channelsBeyondTheAgreedNumberEndTheConnection() throws Exception {
        try (RawClient client = client(2)) {
            client.send(1, new ChannelMethod.Open(""));
            client.send(3, new ChannelMethod.Open(""), new ChannelMethod.Close(200, "", 0, 0),
                    new ChannelMethod.Open(""));
            for (int count = 0; count < 4; count++) {
                assertThat(client.receive()).isInstanceOfAny(ChannelMethod.OpenOk.class,
                        ChannelMethod.CloseOk.class);
            }
            client.send(2, new ChannelMethod.Open(""));
            assertThat(client.receive()).isInstanceOfSatisfying(ConnectionMethod.Close.class,
                    close -> {
                        assertThat(close.replyCode()).isEqualTo(530);
                        assertThat(close.replyText()).contains("number of channels opened (2) has"
                                + " reached the negotiated channel_max (2)");
                    });
        }
    }

    @Test
    void frameBeyondTheAgreedSizeEndsTheConnection() throws Exception {
        try (RawClient client = client(3)) {
            client.bytes(1, 0, 1, 0, 0, 0x1f, 0xf9);
            assertThat(client.receive()).isInstanceOfSatisfying(ConnectionMethod.Close.class,
                    close -> {
                        assertThat(close.replyCode()).isEqualTo(501);
                        assertThat(close.replyText()).contains("{frame_too_large,8185,8184}");
                    });
        }
    }

    @Test
    void messageBeyondTheSizeEndsItsChannel() throws Exception {
        try (RawClient client = client(3)) {
            client.send(1, new ChannelMethod.Open(""));
            assertThat(client.receive()).isInstanceOf(ChannelMethod.OpenOk.class);
            ByteBuf out = Unpooled.buffer();
            Frame.method(out, 1, new BasicMethod.Publish("", "q", false, false));
            RawFrames.header(out, 1, MESSAGE_BYTES + 1);
            client.send(out);
            assertThat(client.receive()).isInstanceOfSatisfying(ChannelMethod.Close.class,
                    close -> assertThat(close.replyText()).isEqualTo("PRECONDITION_FAILED - message"
                            + " size 10001 is larger than configured max size 10000"));
        }
    }

    @Test
    void consumerGetsNoMoreThanItsChannelMayLeaveUnsettled() throws Exception {
        BlockingQueue<Long> tags = new LinkedBlockingQueue<>();
        try (Connection connection = head.connect("guest")) {
            Channel channel = connection.createChannel();
            channel.confirmSelect();
            channel.queueDeclare("q", false, false, false, null);
            for (int count = 0; count < 2 * UNSETTLED; count++) {
                channel.basicPublish("", "q", null, new byte[1]);
            }
            channel.waitForConfirmsOrDie(TimeUnit.SECONDS.toMillis(PATIENCE_S));
            channel.basicConsume("q", false,
                    (_, delivery) -> tags.add(delivery.getEnvelope().getDeliveryTag()), _ -> {});
            for (int count = 0; count < UNSETTLED; count++) {
                take(tags);
            }
            assertThat(connection.createChannel().messageCount("q")).isEqualTo(UNSETTLED);
            channel.basicAck(UNSETTLED, true);
            for (int count = 0; count < UNSETTLED; count++) {
                take(tags);
            }
        }
    }

    @Test
    void readAheadOfAStreamsConsumersIsChargedWhileTheyAreThere() throws Exception {
        try (Connection connection = head.connect("guest")) {
            Channel channel = connection.createChannel();
            channel.queueDeclare("s", true, false, false, Map.of("x-queue-type", "stream"));
            long before = head.memory().chargedBytes();
            int consumers = 50;
            channel.basicQos(100);
            for (int count = 0; count < consumers; count++) {
                channel.basicConsume("s", false, "c" + count, (_, _) -> {}, _ -> {});
            }
            assertThat(head.memory().chargedBytes() - before)
                    .isGreaterThan(consumers * (64L << 10));
            for (int count = 0; count < consumers; count++) {
                channel.basicCancel("c" + count);
            }
            assertThat(head.memory().chargedBytes() - before).isLessThan(64L << 10);
        }
    }

    private static void take(BlockingQueue<Long> tags) throws InterruptedException {
        assertThat(Optional.ofNullable(tags.poll(PATIENCE_S, TimeUnit.SECONDS))).isPresent();
    }
}
