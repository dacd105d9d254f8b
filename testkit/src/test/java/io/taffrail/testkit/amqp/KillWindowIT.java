package io.taffrail.testkit.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import io.taffrail.testkit.ForkedBroker;
import io.taffrail.testkit.amqp.Rabbit.Inbox;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The redelivery marks of messages that were delivered, and some acknowledged, just before the
 * broker was killed.
 */
class KillWindowIT {

    /** Unacknowledged messages of a consumer at a time; four times as many are published. */
    private static final int HELD = 300;
    /** A settlement is durable within milliseconds; this is a hundred times as long. */
    private static final int WINDOW_MS = 1_000;

    @TempDir
    private Path dir;

    private record Copy(int number, boolean redelivered, long count) {}

    private static Rabbit connect(ForkedBroker broker) throws Exception {
        String[] parts = broker.amqp().split(":", 2);
        return Rabbit.connect(new InetSocketAddress(parts[0], Integer.parseInt(parts[1])));
    }

    /** Takes the deliveries numbered from {@code first} on. */
    private static List<Delivery> take(Inbox inbox, int first) throws InterruptedException {
        List<Delivery> taken = new ArrayList<>();
        for (int number = first; number < first + HELD; number++) {
            Delivery delivery = inbox.next();
            assertThat(Rabbit.text(delivery.getBody())).isEqualTo(Integer.toString(number));
            taken.add(delivery);
        }
        return taken;
    }

    private static void settle(Channel channel, List<Delivery> deliveries) throws IOException {
        for (Delivery delivery : deliveries) {
            channel.basicAck(delivery.getEnvelope().getDeliveryTag(), false);
        }
    }

    /** Takes all messages. */
    private static List<Copy> copies(ForkedBroker broker) throws Exception {
        try (Rabbit rabbit = connect(broker)) {
            Channel channel = rabbit.channel();
            List<Copy> copies = new ArrayList<>();
            for (GetResponse got = channel.basicGet("q", true); got != null; got = channel
                    .basicGet("q", true)) {
                Map<String, Object> headers = got.getProps().getHeaders();
                long count = headers != null && headers.get("x-delivery-count") instanceof Long it
                        ? it
                        : 0;
                copies.add(new Copy(Integer.parseInt(Rabbit.text(got.getBody())),
                        got.getEnvelope().isRedeliver(), count));
            }
            return copies;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "quorum"})
    void onlyTheLastSettlementsAreUndoneAndFlagsAreRight(String type) throws Exception {
        long counted = type.equals("quorum") ? 1 : 0;
        try (ForkedBroker broker = ForkedBroker.start(dir, Map.of())) {
            Rabbit rabbit = connect(broker);
            Channel publisher = rabbit.confirming();
            publisher.queueDeclare("q", true, false, false, Map.of("x-queue-type", type));
            Rabbit.publish(publisher, "q", IntStream.range(0, 4 * HELD)
                    .mapToObj(Integer::toString).toArray(String[]::new));
            Channel channel = rabbit.channel();
            channel.basicQos(HELD);
            Inbox inbox = new Inbox(channel);
            channel.basicConsume("q", false, inbox);

            settle(channel, take(inbox, 0));
            settle(channel, take(inbox, HELD));
            List<Delivery> last = take(inbox, 2 * HELD);
            // No answer tells when a settlement without a later confirm is durable.
            assertThat(new CountDownLatch(1).await(WINDOW_MS, TimeUnit.MILLISECONDS)).isFalse();
            settle(channel, last.subList(0, HELD / 2));
            broker.kill();
            rabbit.connection().abort();
            broker.restart();

            List<Copy> copies = copies(broker);
            List<Integer> expected = IntStream.range(copies.getFirst().number(), 4 * HELD).boxed()
                    .toList();
            assertThat(copies).extracting(Copy::number).as("one by one, in order, to the end")
                    .isEqualTo(expected);
            assertThat(expected.getFirst()).as("settled long ago, or never")
                    .isBetween(2 * HELD, 2 * HELD + HELD / 2);
            assertThat(copies).filteredOn(it -> it.number() < 3 * HELD)
                    .allMatch(it -> it.redelivered() && it.count() == counted);
            assertThat(copies).filteredOn(it -> it.number() >= 3 * HELD).hasSize(HELD)
                    .noneMatch(Copy::redelivered).allMatch(it -> it.count() == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "quorum"})
    void whatAConfirmFollowedIsSettledForGood(String type) throws Exception {
        try (ForkedBroker broker = ForkedBroker.start(dir, Map.of())) {
            Rabbit rabbit = connect(broker);
            Channel channel = rabbit.confirming();
            channel.queueDeclare("q", true, false, false, Map.of("x-queue-type", type));
            channel.queueDeclare("other", true, false, false, null);
            Rabbit.publish(channel, "q", IntStream.range(0, 2 * HELD)
                    .mapToObj(Integer::toString).toArray(String[]::new));
            channel.basicQos(HELD);
            Inbox inbox = new Inbox(channel);
            channel.basicConsume("q", false, inbox);
            settle(channel, take(inbox, 0));
            List<Delivery> held = take(inbox, HELD);
            Rabbit.publish(channel, "other", "said after it");
            assertThat(held).noneMatch(it -> it.getEnvelope().isRedeliver());
            broker.kill();
            rabbit.connection().abort();
            broker.restart();

            List<Copy> copies = copies(broker);
            assertThat(copies).extracting(Copy::number)
                    .isEqualTo(IntStream.range(HELD, 2 * HELD).boxed().toList());
            assertThat(copies).allMatch(Copy::redelivered);
        }
    }
}
