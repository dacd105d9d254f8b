package io.taffrail.testkit.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import io.taffrail.testkit.TaffrailBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** De-duplication as in RabbitMQ's community plugin, tested with RabbitMQ's Java client. */
class DeduplicationIT {

    private final TaffrailBroker broker = TaffrailBroker.start();
    private Rabbit rabbit = Rabbit.to(broker);

    @AfterEach
    void close() throws Exception {
        rabbit.close();
        broker.close();
    }

    private static void publish(Channel channel, String exchange, String body, Object mark)
            throws IOException {
        channel.basicPublish(exchange, "q", true, new AMQP.BasicProperties.Builder()
                .deliveryMode(2).headers(Map.of("x-deduplication-header", mark)).build(),
                body.getBytes(StandardCharsets.UTF_8));
        Rabbit.confirmed(channel);
    }

    private void declareExchange(Channel channel) throws IOException {
        channel.exchangeDeclare("once", "x-message-deduplication", true, false,
                Map.of("x-cache-size", 1000, "x-cache-ttl", 600_000));
        channel.queueDeclare("q", true, false, false, null);
        channel.queueBind("q", "once", "");
    }

    @Test
    void exchangeDropsADuplicateAlsoAfterAKill() throws Exception {
        Channel channel = rabbit.confirming();
        declareExchange(channel);
        publish(channel, "once", "a", "order 1");
        publish(channel, "once", "duplicate", "order 1");

        broker.kill();

        rabbit = Rabbit.to(broker);
        channel = rabbit.confirming();
        publish(channel, "once", "duplicate after the kill", "order 1");
        publish(channel, "once", "b", 2);
        assertThat(Rabbit.drain(channel, "q")).containsExactly("a", "b");
    }

    @Test
    void duplicateThatIsMandatoryComesBackAndIsConfirmed() throws Exception {
        Channel channel = rabbit.confirming();
        declareExchange(channel);
        CompletableFuture<String> returned = new CompletableFuture<>();
        channel.addReturnListener(back -> returned.complete(Rabbit.text(back.getBody())));

        publish(channel, "once", "a", "order 1");
        publish(channel, "once", "duplicate", "order 1");

        assertThat(returned).isCompletedWithValue("duplicate");
    }

    @Test
    void queueDropsADuplicateOfWhatItHolds() throws Exception {
        Channel channel = rabbit.confirming();
        channel.queueDeclare("q", true, false, false, Map.of("x-message-deduplication", true));
        publish(channel, "", "a", "order 1");
        publish(channel, "", "duplicate", "order 1");
        GetResponse got = channel.basicGet("q", false);
        publish(channel, "", "duplicate of what is held", "order 1");
        assertThat(channel.messageCount("q")).isZero();
        channel.basicAck(got.getEnvelope().getDeliveryTag(), false);

        publish(channel, "", "b", "order 1");

        assertThat(Rabbit.drain(channel, "q")).containsExactly("b");
    }

    @Test
    void impossibleArgumentEndsTheChannel() throws Exception {
        Channel channel = rabbit.channel();

        assertThatThrownBy(
                () -> channel.exchangeDeclare("once", "x-message-deduplication", true)).cause()
                .hasMessageContaining("reply-code=406")
                .hasMessageContaining("Missing or invalid argument, 'x-cache-size' must"
                        + " be an integer greater than 0");
    }
}
