package io.taffrail.testkit.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import io.taffrail.testkit.amqp.Rabbit;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A full disk: publishers are blocked or refused, consumers continue, and service resumes
 * when there is room.
 */
class FullDiskIT {

    private static final int PATIENCE_S = 20;
    private static final int LARGE_BYTES = 256 << 10;

    private final FaultyBroker broker;

    FullDiskIT(@TempDir Path dir) {
        // Small files, so that a full disk takes effect at once.
        this.broker = new FaultyBroker(dir, Map.of("journal.file.bytes", "1MiB",
                "journal.checkpoint.bytes", "2MiB"));
    }

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void publishersWaitWhileItIsNearlyFullAndConsumersGoOn() throws Exception {
        try (Rabbit publisher = Rabbit.connect(broker.amqpAddress());
                Rabbit consumer = Rabbit.connect(broker.amqpAddress())) {
            BlockingQueue<String> told = new LinkedBlockingQueue<>();
            publisher.connection().addBlockedListener(told::add, () -> told.add("unblocked"));
            consumer.connection().addBlockedListener(told::add, () -> told.add("consumer"));
            Channel channel = publisher.confirming();
            channel.queueDeclare("q", true, false, false, null);
            Rabbit.publish(channel, "q", "1", "2", "3");

            broker.disk().become(FaultyDisk.State.NEARLY_FULL);
            int published = 3;
            String reason;
            do {
                // The broker may not have checked the disk yet.
                channel.basicPublish("", "q", MessageProperties.MINIMAL_PERSISTENT_BASIC,
                        Integer.toString(++published).getBytes(StandardCharsets.US_ASCII));
                reason = told.poll(1, TimeUnit.MILLISECONDS);
            } while (reason == null);
            assertThat(reason).isEqualTo("low on disk");
            channel.basicPublish("", "q", MessageProperties.MINIMAL_PERSISTENT_BASIC,
                    "held".getBytes(StandardCharsets.US_ASCII));

            Channel reading = consumer.channel();
            Rabbit.Inbox inbox = new Rabbit.Inbox(reading);
            reading.basicConsume("q", false, inbox);
            for (int number = 1; number <= 3; number++) {
                Delivery delivery = inbox.next();
                assertThat(Rabbit.text(delivery.getBody())).isEqualTo(Integer.toString(number));
                reading.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
            }
            assertThat(reading.queueDeclarePassive("q").getConsumerCount()).isOne();
            assertThat(told).isEmpty();

            broker.disk().become(FaultyDisk.State.SOUND);
            assertThat(told.poll(PATIENCE_S, TimeUnit.SECONDS)).isEqualTo("unblocked");
            Rabbit.confirmed(channel);
            for (int number = 4; number <= published; number++) {
                assertThat(inbox.nextText()).isEqualTo(Integer.toString(number));
            }
            assertThat(inbox.nextText()).isEqualTo("held");
            assertThat(told).isEmpty();
        }
    }

    @Test
    void whatFindsNoRoomIsRefusedAndWhatWasConfirmedStays() throws Exception {
        List<String> confirmed = new ArrayList<>();
        try (Rabbit publisher = Rabbit.connect(broker.amqpAddress());
                Rabbit consumer = Rabbit.connect(broker.amqpAddress())) {
            Channel channel = publisher.confirming();
            channel.queueDeclare("q", true, false, false, null);
            int number = 0;
            for (; number < 4; number++) {
                assertThat(publish(channel, number)).isTrue();
                confirmed.add(Integer.toString(number));
            }

            broker.disk().become(FaultyDisk.State.FULL);
            int refused = 0;
            for (; refused < 3; number++) {
                if (publish(channel, number)) {
                    confirmed.add(Integer.toString(number));
                } else {
                    refused++;
                }
                assertThat(number).as("it takes ever more").isLessThan(200);
            }
            Channel reading = consumer.channel();
            Rabbit.Inbox inbox = new Rabbit.Inbox(reading);
            reading.basicConsume("q", false, inbox);
            assertThat(number(inbox.next())).isEqualTo(confirmed.removeFirst());
            assertThat(number(inbox.next())).isEqualTo(confirmed.removeFirst());
            reading.basicAck(2, true);
            assertThat(reading.queueDeclarePassive("q").getConsumerCount()).isOne();

            broker.disk().become(FaultyDisk.State.SOUND);
            boolean works = false;
            for (int tries = 0; !works; tries++) {
                works = publish(channel, ++number);
                assertThat(tries).as("it never works again").isLessThan(10_000);
            }
            confirmed.add(Integer.toString(number));
            assertThat(channel.isOpen()).isTrue();
            assertThat(reading.isOpen()).isTrue();
        }
        broker.crashAndRestart();

        // The last confirm came after the settlements, which are therefore durable.
        try (Rabbit later = Rabbit.connect(broker.amqpAddress())) {
            Channel channel = later.channel();
            List<String> kept = new ArrayList<>();
            for (GetResponse got = channel.basicGet("q", true); got != null; got = channel
                    .basicGet("q", true)) {
                kept.add(got.getProps().getMessageId());
            }
            assertThat(kept).containsExactlyElementsOf(confirmed);
        }
    }

    private static String number(Delivery delivery) {
        return delivery.getProperties().getMessageId();
    }

    /** Publishes a large message; false if it was refused. */
    private static boolean publish(Channel channel, int number) throws Exception {
        channel.basicPublish("", "q", MessageProperties.MINIMAL_PERSISTENT_BASIC.builder()
                .messageId(Integer.toString(number)).build(), new byte[LARGE_BYTES]);
        return channel.waitForConfirms(TimeUnit.SECONDS.toMillis(PATIENCE_S));
    }
}
