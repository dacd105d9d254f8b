package io.taffrail.testkit.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import io.taffrail.testkit.TaffrailBroker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything due has happened when {@code advance} returns; these tests wait for nothing else. */
@ParameterizedClass
@ValueSource(booleans = {true, false})
class AdvanceIT {

    private static final Duration HOUR = Duration.ofHours(1);

    private final TaffrailBroker broker;

    AdvanceIT(boolean inMemory) {
        TaffrailBroker.Builder builder = TaffrailBroker.builder();
        this.broker = (inMemory ? builder.inMemory() : builder).start();
    }

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void expiredMessagesAreDeadLettered() throws Exception {
        try (Rabbit rabbit = Rabbit.to(broker)) {
            Channel channel = rabbit.confirming();
            channel.queueDeclare("dead", true, false, false, null);
            channel.queueDeclare("q", true, false, false,
                    Map.of("x-message-ttl", 3_600_000, "x-dead-letter-exchange", "",
                            "x-dead-letter-routing-key", "dead"));
            for (int i = 0; i < 2_000; i++) {
                channel.basicPublish("", "q", null, new byte[1]);
            }
            channel.waitForConfirmsOrDie(20_000);

            broker.clock().advance(HOUR.minusMinutes(1));
            assertThat(channel.messageCount("q")).isEqualTo(2_000);
            broker.clock().advance(Duration.ofMinutes(1));

            assertThat(channel.messageCount("q")).isZero();
            assertThat(channel.messageCount("dead")).isEqualTo(2_000);
        }
    }

    @Test
    void anExpiredQueueIsGone() throws Exception {
        try (Rabbit rabbit = Rabbit.to(broker)) {
            rabbit.channel().queueDeclare("q", true, false, false, Map.of("x-expires", 3_600_000));

            broker.clock().advance(HOUR);

            AMQP.Queue.DeclareOk again = rabbit.channel().queueDeclare("q", true, false, false,
                    Map.of());
            assertThat(again.getMessageCount()).isZero();
        }
    }

    @Test
    void aDelayedMessageIsThere() throws Exception {
        try (Rabbit rabbit = Rabbit.to(broker)) {
            Channel channel = rabbit.confirming();
            channel.exchangeDeclare("later", "x-delayed-message", true, false,
                    Map.of("x-delayed-type", "direct"));
            channel.queueDeclare("q", true, false, false, null);
            channel.queueBind("q", "later", "k");
            channel.basicPublish("later", "k", new AMQP.BasicProperties.Builder()
                    .headers(Map.of("x-delay", 3_600_000)).build(), new byte[1]);
            channel.waitForConfirmsOrDie(20_000);

            broker.clock().advance(HOUR.minusMinutes(1));
            assertThat(channel.messageCount("q")).isZero();
            broker.clock().advance(Duration.ofMinutes(1));

            assertThat(channel.messageCount("q")).isEqualTo(1);
        }
    }

    @Test
    void whatAStreamKeptLongEnoughIsGone() throws Exception {
        try (Rabbit rabbit = Rabbit.to(broker)) {
            Channel channel = rabbit.confirming();
            channel.queueDeclare("s", true, false, false,
                    Map.of("x-queue-type", "stream", "x-max-age", "1h"));
            Rabbit.publish(channel, "s", "old");
            broker.clock().advance(HOUR.plusMinutes(1));
            Rabbit.publish(channel, "s", "new");

            channel.basicQos(10);
            Rabbit.Inbox inbox = new Rabbit.Inbox(channel);
            channel.basicConsume("s", false, Map.of("x-stream-offset", "first"), inbox);
            assertThat(inbox.nextText()).isEqualTo("new");
        }
    }

    @Test
    void aConsumerThatDidNotSettleLosesItsChannelAndHeartbeatsDoNot() throws Exception {
        try (Rabbit rabbit = Rabbit.to(broker)) {
            Channel channel = rabbit.confirming();
            channel.queueDeclare("q", true, false, false, null);
            Rabbit.publish(channel, "q", "m");
            CompletableFuture<ShutdownSignalException> closed = new CompletableFuture<>();
            channel.addShutdownListener(closed::complete);
            assertThat(channel.basicGet("q", false)).isNotNull();

            broker.clock().advance(HOUR);

            assertThat(closed.get(20, TimeUnit.SECONDS).getMessage())
                    .contains("delivery acknowledgement on channel 1 timed out");
            assertThat(Rabbit.drain(rabbit.channel(), "q")).containsExactly("m");
        }
    }
}
