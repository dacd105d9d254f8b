package io.taffrail.testkit.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.MessageProperties;
import io.taffrail.testkit.ForkedBroker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that is killed under load keeps every confirmed message. */
class QueueKillIT {

    private static final int ROUNDS = 3;
    private static final int KILL_AFTER = 2_000;
    private static final int MOST_IN_FLIGHT = 500;

    @TempDir
    Path dir;

    private int next;

    @Test
    void everyConfirmedMessageIsDeliveredAndNoSettledOneComesBack() throws Exception {
        Set<Integer> due = new HashSet<>();
        Set<Integer> settled = new HashSet<>();
        try (ForkedBroker broker = ForkedBroker.start(dir, Map.of())) {
            for (int round = 0; round < ROUNDS; round++) {
                due.addAll(publishUntilKilled(broker));
                broker.restart();
                settleAll(broker, due, settled);
            }
        }
        assertThat(due).as("confirmed and never delivered").isEmpty();
        assertThat(settled).hasSizeGreaterThan(ROUNDS * KILL_AFTER);
    }

    /**
     * Publishes numbers, kills the broker after enough confirms, and returns the confirmed numbers.
     */
    private Set<Integer> publishUntilKilled(ForkedBroker broker) throws Exception {
        NavigableSet<Integer> unconfirmed = new ConcurrentSkipListSet<>();
        Set<Integer> confirmed = new ConcurrentSkipListSet<>();
        CountDownLatch enough = new CountDownLatch(1);
        Rabbit rabbit = connect(broker);
        Channel channel = rabbit.channel();
        channel.queueDeclare("q", true, false, false, null);
        channel.confirmSelect();
        int first = next - (int) channel.getNextPublishSeqNo();
        channel.addConfirmListener((tag, multiple) -> {
            int number = (int) tag + first;
            Set<Integer> done = multiple
                    ? unconfirmed.headSet(number, true)
                    : Set.of(number);
            confirmed.addAll(done);
            unconfirmed.removeAll(Set.copyOf(done));
            if (confirmed.size() >= KILL_AFTER) {
                enough.countDown();
            }
        }, (tag, multiple) -> unconfirmed.remove((int) tag + first));
        Thread killer = Thread.ofVirtual().start(() -> killAfter(enough, broker));
        try {
            while (true) {
                if (unconfirmed.size() < MOST_IN_FLIGHT) {
                    unconfirmed.add(next);
                    channel.basicPublish("", "q", MessageProperties.MINIMAL_PERSISTENT_BASIC,
                            Integer.toString(next++).getBytes(
                                    java.nio.charset.StandardCharsets.US_ASCII));
                } else {
                    Thread.onSpinWait();
                }
                if (!channel.isOpen()) {
                    break;
                }
            }
        } catch (IOException | AlreadyClosedException killed) {
            assertThat(enough.getCount()).as(broker.output()).isZero();
        }
        killer.join();
        return confirmed;
    }

    private static void killAfter(CountDownLatch enough, ForkedBroker broker) {
        try {
            assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            broker.kill();
        }
    }

    /**
     * Takes all messages and acknowledges them durably: a confirm that follows the
     * acknowledgements shows that.
     */
    private static void settleAll(ForkedBroker broker, Set<Integer> due, Set<Integer> settled)
            throws Exception {
        try (Rabbit rabbit = connect(broker)) {
            Channel channel = rabbit.confirming();
            long ready = channel.messageCount("q");
            Rabbit.Inbox inbox = new Rabbit.Inbox(channel);
            channel.basicConsume("q", false, inbox);
            int last = -1;
            for (long left = ready; left > 0; left--) {
                Delivery delivery = inbox.next();
                int number = Integer.parseInt(Rabbit.text(delivery.getBody()));
                assertThat(number).as("order").isGreaterThan(last);
                last = number;
                assertThat(settled.add(number)).as("settled before: %d", number).isTrue();
                due.remove(number);
                channel.basicAck(delivery.getEnvelope().getDeliveryTag(), left == 1);
            }
            channel.queueDeclare("after", true, false, false, null);
            Rabbit.publish(channel, "after", "settled");
        }
    }

    private static Rabbit connect(ForkedBroker broker) throws Exception {
        String[] parts = broker.amqp().split(":", 2);
        return Rabbit.connect(new InetSocketAddress(parts[0], Integer.parseInt(parts[1])));
    }
}
