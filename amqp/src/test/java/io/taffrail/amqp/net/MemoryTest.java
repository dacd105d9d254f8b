package io.taffrail.amqp.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.MessageProperties;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.taffrail.amqp.AmqpConfig;
import io.taffrail.amqp.codec.BasicMethod;
import io.taffrail.amqp.codec.ChannelMethod;
import io.taffrail.amqp.codec.ConfirmMethod;
import io.taffrail.amqp.codec.ConnectionMethod;
import io.taffrail.amqp.codec.Frame;
import io.taffrail.amqp.codec.Method;
import io.taffrail.amqp.codec.TxMethod;
import io.taffrail.net.MemoryBudget;
import io.taffrail.net.MemoryShare;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Memory of a connection is bounded, by kind and by the budget of all connections. At a limit
 * the connection waits or is refused, and other connections keep working.
 */
class MemoryTest {

    private static final int PATIENCE_S = 20;
    private static final int MEBIBYTE = 1 << 20;
    private static final int FRAME_BYTES = 100_000;
    private static final int TIMEOUT_MS = 1000;

    @RegisterExtension
    final LiveHead head = new LiveHead(new MemoryBudget(32 * MEBIBYTE, MEBIBYTE, TIMEOUT_MS),
            MemoryTest::settings);

    private static AmqpConfig settings(AmqpConfig config) {
        return Settings.with(Map.of("maxMessageBytes", 2 * MEBIBYTE,
                "maxTransactionBytes", 4 * MEBIBYTE, "maxUnfinishedBytes", 4 * MEBIBYTE,
                "memoryTimeoutMs", (long) TIMEOUT_MS)).apply(config);
    }

    /** A second client that must not be affected. */
    private final class Bystander implements AutoCloseable {

        private final Connection connection = head.connect("guest");
        private final Channel channel = connection.createChannel();

        Bystander() throws Exception {
            channel.confirmSelect();
            channel.queueDeclare("bystander", true, false, false, null);
        }

        void works() throws Exception {
            channel.basicPublish("", "bystander", MessageProperties.PERSISTENT_BASIC,
                    new byte[10_000]);
            channel.waitForConfirmsOrDie(TimeUnit.SECONDS.toMillis(PATIENCE_S));
            assertThat(channel.basicGet("bystander", true).getBody()).hasSize(10_000);
        }

        @Override
        public void close() throws IOException {
            connection.close();
        }
    }

    /** Adds method and header of a message. */
    private static void begin(ByteBuf out, int channel, String queue, long bodyBytes) {
        Frame.method(out, channel, new BasicMethod.Publish("", queue, false, false));
        RawFrames.header(out, channel, bodyBytes);
    }

    private static void body(ByteBuf out, int channel, int bytes) {
        for (int left = bytes; left > 0; left -= FRAME_BYTES) {
            RawFrames.body(out, channel, Math.min(left, FRAME_BYTES));
        }
    }

    @Test
    void bodiesThatAreBegunOnManyChannelsAreRefusedAtTheirLimit() throws Exception {
        try (Bystander bystander = new Bystander();
                RawClient client = new RawClient(head.port()).open()) {
            int size = 2 * MEBIBYTE;
            for (int channel = 1; channel <= 3; channel++) {
                client.send(channel, new ChannelMethod.Open(""));
                assertThat(client.receive()).isInstanceOf(ChannelMethod.OpenOk.class);
                ByteBuf out = Unpooled.buffer();
                begin(out, channel, "bystander", size);
                body(out, channel, size - FRAME_BYTES);
                client.send(out);
                bystander.works();
            }

            assertThat(client.receive()).isInstanceOfSatisfying(ChannelMethod.Close.class,
                    close -> assertThat(close.replyText()).isEqualTo("CONTENT_TOO_LARGE -"
                            + " messages of this connection that are not complete hold more than "
                            + 4 * MEBIBYTE + " bytes"));
            bystander.works();
        }
    }

    @Test
    void onlyTheChannelThatWentTooFarIsClosedAndTheOthersMessagesArrive() throws Exception {
        try (Bystander bystander = new Bystander();
                RawClient client = new RawClient(head.port()).open()) {
            ByteBuf out = Unpooled.buffer();
            int size = 2 * MEBIBYTE;
            for (int channel = 1; channel <= 3; channel++) {
                Frame.method(out, channel, new ChannelMethod.Open(""));
                Frame.method(out, channel, new ConfirmMethod.Select(true));
                begin(out, channel, "bystander", size);
                body(out, channel, size - FRAME_BYTES);
            }
            client.send(out);
            Method answer = client.receive();
            while (answer instanceof ChannelMethod.OpenOk) {
                answer = client.receive();
            }
            assertThat(answer).isInstanceOf(ChannelMethod.Close.class);
            for (int channel = 1; channel <= 2; channel++) {
                body(out, channel, FRAME_BYTES);
            }
            client.send(out);

            assertThat(client.receive()).isEqualTo(new BasicMethod.Ack(1, false));
            assertThat(client.receive()).isEqualTo(new BasicMethod.Ack(1, false));
            assertThat(bystander.channel.messageCount("bystander")).isEqualTo(2);
        }
    }

    @Test
    void transactionsOfAllChannelsTogetherAreRefusedAtTheirLimit() throws Exception {
        try (Bystander bystander = new Bystander();
                RawClient client = new RawClient(head.port()).open()) {
            for (int channel = 1; channel <= 3; channel++) {
                client.send(channel, new ChannelMethod.Open(""), new TxMethod.Select());
                assertThat(client.receive()).isInstanceOf(ChannelMethod.OpenOk.class);
                assertThat(client.receive()).isInstanceOf(TxMethod.SelectOk.class);
                ByteBuf out = Unpooled.buffer();
                begin(out, channel, "bystander", 2 * MEBIBYTE - 1000);
                body(out, channel, 2 * MEBIBYTE - 1000);
                client.send(out);
                bystander.works();
            }

            assertThat(client.receive()).isInstanceOfSatisfying(ConnectionMethod.Close.class,
                    close -> assertThat(close.replyText()).isEqualTo("RESOURCE_ERROR -"
                            + " transactions of this connection hold more than " + 4 * MEBIBYTE
                            + " bytes"));
            bystander.works();
        }
    }

    @Test
    void committedTransactionGivesItsMemoryBack() throws Exception {
        try (Bystander bystander = new Bystander(); Connection connection = head.connect("guest")) {
            Channel channel = connection.createChannel();
            channel.txSelect();
            for (int count = 0; count < 6; count++) {
                channel.basicPublish("", "bystander", null, new byte[2 * MEBIBYTE - 1000]);
                channel.txCommit();
            }

            assertThat(bystander.channel.messageCount("bystander")).isEqualTo(6);
        }
    }

    @Test
    void getsThatAreSentAtOnceAreCarriedOutAsTheirAnswersAreTaken() throws Exception {
        int messages = 40;
        try (Bystander bystander = new Bystander();
                RawClient client = new RawClient(head.port()).open()) {
            Channel channel = bystander.channel;
            channel.queueDeclare("big", true, false, false, null);
            for (int count = 0; count < messages; count++) {
                channel.basicPublish("", "big", MessageProperties.PERSISTENT_BASIC,
                        new byte[MEBIBYTE]);
            }
            channel.waitForConfirmsOrDie(TimeUnit.SECONDS.toMillis(PATIENCE_S));
            long before = PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
            ByteBuf out = Unpooled.buffer();
            Frame.method(out, 1, new ChannelMethod.Open(""));
            for (int count = 0; count < messages; count++) {
                Frame.method(out, 1, new BasicMethod.Get("big", true));
            }
            client.send(out);
            assertThat(client.receive()).isInstanceOf(ChannelMethod.OpenOk.class);
            while (channel.messageCount("big") == messages) {
                bystander.works();
            }
            for (int count = 0; count < 20; count++) {
                bystander.works();
            }

            assertThat(PooledByteBufAllocator.DEFAULT.pinnedDirectMemory() - before)
                    .isLessThan(14L * MEBIBYTE);
            assertThat(channel.messageCount("big")).isGreaterThan(messages / 2);
            for (int count = 0; count < messages; count++) {
                assertThat(client.receive()).isInstanceOf(BasicMethod.GetOk.class);
            }
            assertThat(channel.messageCount("big")).isZero();
        }
    }

    @Test
    void connectionThatHasToWaitForMemoryIsToldAndGoesOnWhenThereIsRoom() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        try (Bystander bystander = new Bystander();
                Connection connection = head.connect("guest");
                MemoryShare hog = head.memory().open();
                MemoryShare first = head.memory().open()) {
            connection.addBlockedListener(told::add, () -> told.add("unblocked"));
            Channel channel = connection.createChannel();
            channel.confirmSelect();
            fill(hog);
            overdraw(first);

            channel.basicPublish("", "bystander", new AMQP.BasicProperties(),
                    new byte[2 * MEBIBYTE]);

            assertThat(told.poll(PATIENCE_S, TimeUnit.SECONDS)).isEqualTo("low on memory");
            hog.release(hog.heldBytes());
            first.release(first.heldBytes());
            assertThat(told.poll(PATIENCE_S, TimeUnit.SECONDS)).isEqualTo("unblocked");
            channel.waitForConfirmsOrDie(TimeUnit.SECONDS.toMillis(PATIENCE_S));
            bystander.channel.queuePurge("bystander");
            bystander.works();
        }
    }

    @Test
    void connectionThatWaitsTooLongIsRefusedAndSmallOnesWork() throws Exception {
        try (Bystander bystander = new Bystander();
                RawClient client = new RawClient(head.port()).open();
                MemoryShare hog = head.memory().open();
                MemoryShare first = head.memory().open()) {
            fill(hog);
            overdraw(first);
            ByteBuf out = Unpooled.buffer();
            Frame.method(out, 1, new ChannelMethod.Open(""));
            begin(out, 1, "bystander", 2 * MEBIBYTE);
            body(out, 1, 2 * MEBIBYTE - FRAME_BYTES);
            client.send(out);
            assertThat(client.receive()).isInstanceOf(ChannelMethod.OpenOk.class);

            assertThat(client.receive()).isInstanceOfSatisfying(ConnectionMethod.Close.class,
                    close -> assertThat(close.replyText()).startsWith("RESOURCE_ERROR - "
                            + "the broker has had no memory for what this connection sends"));
            bystander.works();
        }
    }

    @Test
    void connectionThatStandsStillWithWhatOthersWaitForIsEnded() throws Exception {
        try (RawClient idle = new RawClient(head.port()).open();
                MemoryShare hog = head.memory().open();
                MemoryShare waiting = head.memory().open();
                MemoryShare inLine = head.memory().open()) {
            ByteBuf out = Unpooled.buffer();
            Frame.method(out, 1, new ChannelMethod.Open(""));
            begin(out, 1, "nobody", 2 * MEBIBYTE);
            body(out, 1, 2 * MEBIBYTE - FRAME_BYTES);
            idle.send(out);
            assertThat(idle.receive()).isInstanceOf(ChannelMethod.OpenOk.class);
            // The answer shows that everything before it was read and charged. Otherwise the
            // connection would wait for memory instead of being stalled.
            idle.send(2, new ChannelMethod.Open(""));
            assertThat(idle.receive()).isInstanceOf(ChannelMethod.OpenOk.class);
            fill(hog);
            overdraw(waiting);
            inLine.charge(4 * MEBIBYTE, () -> {});

            assertThat(idle.receive()).isInstanceOfSatisfying(ConnectionMethod.Close.class,
                    close -> assertThat(close.replyText())
                            .startsWith("RESOURCE_ERROR - memory is short"));
        }
    }

    /** Charges everything that is free. */
    private static void fill(MemoryShare share) {
        int step = 16 * MEBIBYTE;
        while (step > 0) {
            if (!share.tryCharge(step)) {
                step /= 2;
            }
        }
    }

    /** The first in line is let through as an overdraft; later ones must wait. */
    private static void overdraw(MemoryShare share) {
        share.charge(2 * MEBIBYTE, () -> {});
        share.requestWhole();
    }
}
