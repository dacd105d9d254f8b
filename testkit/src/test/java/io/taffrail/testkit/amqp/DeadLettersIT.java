package io.taffrail.testkit.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import io.taffrail.testkit.TaffrailBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Dead letters whose targets refuse them are handled as RabbitMQ 3.10.8 does. */
class DeadLettersIT {

    private static final TaffrailBroker BROKER = TaffrailBroker.start();

    @AfterAll
    static void close() {
        BROKER.close();
    }

    private static List<String> drain(Channel channel, String queue, boolean reject)
            throws IOException {
        List<String> bodies = new ArrayList<>();
        GetResponse got = channel.basicGet(queue, !reject);
        while (got != null) {
            bodies.add(new String(got.getBody(), StandardCharsets.UTF_8));
            if (reject) {
                channel.basicReject(got.getEnvelope().getDeliveryTag(), false);
            }
            got = channel.basicGet(queue, !reject);
        }
        return bodies;
    }

    @ParameterizedTest
    @CsvSource({"classic,classic,3", "classic,quorum,10", "quorum,classic,3", "quorum,quorum,10"})
    void fullQuorumQueueTakesLettersAndAFullClassicOneDoesNot(String source, String target,
            int taken) throws Exception {
        try (Rabbit rabbit = Rabbit.connect(BROKER.amqpAddress())) {
            Channel channel = rabbit.confirming();
            channel.queueDeclare("to", true, false, false, Map.of("x-queue-type", target,
                    "x-max-length", 3, "x-overflow", "reject-publish"));
            channel.queueDeclare("from", true, false, false, Map.of("x-queue-type", source,
                    "x-dead-letter-exchange", "", "x-dead-letter-routing-key", "to"));
            Rabbit.publish(channel, "from", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

            assertThat(drain(channel, "from", true)).hasSize(10);

            // The broker answers the get after the channel's earlier methods.
            assertThat(drain(channel, "to", false)).hasSize(taken);
            channel.queueDelete("from");
            channel.queueDelete("to");
        }
    }

    @Test
    void letterThatFindsNoQueueWaitsAlone() throws Exception {
        try (Rabbit rabbit = Rabbit.connect(BROKER.amqpAddress())) {
            Channel channel = rabbit.confirming();
            channel.exchangeDeclare("in", "topic", true);
            channel.exchangeDeclare("dlx", "topic", true);
            channel.queueDeclare("target", true, false, false, Map.of("x-queue-type", "quorum"));
            channel.queueBind("target", "dlx", "#.good");
            Map<String, Object> delay = new HashMap<>(Map.of("x-queue-type", "quorum",
                    "x-message-ttl", 100, "x-overflow", "reject-publish"));
            delay.put("x-dead-letter-strategy", "at-least-once");
            delay.put("x-dead-letter-exchange", "dlx");
            channel.queueDeclare("delay", true, false, false, delay);
            channel.queueBind("delay", "in", "#");
            Rabbit.Inbox inbox = new Rabbit.Inbox(channel);
            channel.basicConsume("target", true, inbox);

            publish(channel, "1.good", "before");
            publish(channel, "1.gone", "stuck");
            publish(channel, "1.good", "after");
            assertThat(inbox.nextText()).isEqualTo("before");
            assertThat(inbox.nextText()).isEqualTo("after");

            channel.queueBind("target", "dlx", "#.gone");
            assertThat(inbox.nextText()).isEqualTo("stuck");
        }
    }

    private static void publish(Channel channel, String key, String body) throws IOException {
        channel.basicPublish("in", key, null, body.getBytes(StandardCharsets.UTF_8));
        Rabbit.confirmed(channel);
    }
}
