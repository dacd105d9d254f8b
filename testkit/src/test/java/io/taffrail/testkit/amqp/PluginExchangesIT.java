package io.taffrail.testkit.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import io.taffrail.testkit.TaffrailBroker;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exchange types of RabbitMQ's bundled plugins, tested with RabbitMQ's Java client. */
class PluginExchangesIT {

    private final TaffrailBroker broker = TaffrailBroker.builder().start();
    private Rabbit rabbit = Rabbit.to(broker);

    @AfterEach
    void close() throws Exception {
        rabbit.close();
        broker.close();
    }

    private static BasicProperties headers(Map<String, Object> headers) {
        return new BasicProperties.Builder().headers(headers).build();
    }

    private static void declare(Channel channel, String... queues) throws Exception {
        for (String queue : queues) {
            channel.queueDeclare(queue, true, false, false, null);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-consistent-hash", "x-modulus-hash", "x-random", "x-local-random"})
    void aMessageGoesToOneOfTheQueuesAlsoAfterARestart(String type) throws Exception {
        Channel channel = rabbit.channel();
        channel.exchangeDeclare("x", type, true);
        declare(channel, "a", "b");
        channel.queueBind("a", "x", "1");
        channel.queueBind("b", "x", "3");
        rabbit.close();
        broker.restart();
        rabbit = Rabbit.to(broker);
        channel = rabbit.confirming();

        for (int index = 0; index < 400; index++) {
            channel.basicPublish("x", "key " + index, null, new byte[1]);
        }
        Rabbit.confirmed(channel);

        long a = channel.messageCount("a");
        long b = channel.messageCount("b");
        assertThat(a + b).isEqualTo(400);
        assertThat(a).isBetween(20L, 380L);
    }

    @Test
    void aHashRingTakesNoOtherKeyThanAWeight() throws Exception {
        Channel channel = rabbit.channel();
        channel.exchangeDeclare("x", "x-consistent-hash", true);
        declare(channel, "a");
        assertThatThrownBy(() -> channel.queueBind("a", "x", "weight")).rootCause()
                .hasMessageContaining("reply-code=406")
                .hasMessageContaining("The binding key must be an integer: <<\"weight\">>");
    }

    @Test
    void aLateQueueGetsTheRecentHistory() throws Exception {
        Channel channel = rabbit.confirming();
        channel.exchangeDeclare("x", "x-recent-history", true, false,
                Map.of("x-recent-history-length", 2));
        declare(channel, "q");
        for (String body : new String[]{"1", "2", "3"}) {
            channel.basicPublish("x", "", null, body.getBytes(UTF_8));
        }
        channel.basicPublish("x", "", headers(Map.of("x-recent-history-no-store", true)),
                "4".getBytes(UTF_8));
        Rabbit.confirmed(channel);

        Rabbit.Inbox inbox = new Rabbit.Inbox(channel);
        channel.basicConsume("q", true, inbox);
        channel.queueBind("q", "x", "");

        assertThat(inbox.nextText()).isEqualTo("2");
        assertThat(inbox.nextText()).isEqualTo("3");
    }

    @Test
    void aSelectorChoosesAlsoAfterARestart() throws Exception {
        Channel channel = rabbit.channel();
        channel.exchangeDeclare("x", "x-jms-topic", true);
        declare(channel, "q");
        channel.queueBind("q", "x", "t", Map.of("rjms_erlang_selector",
                "{'and',{'=',{'ident',<<\"colour\">>},<<\"red\">>},{'>',{'ident',<<\"n\">>},2}}."));
        assertThatThrownBy(() -> rabbit.channel().queueBind("q", "x", "t",
                Map.of("rjms_erlang_selector", "colour = 'red'"))).rootCause()
                .hasMessageContaining("reply-code=406")
                .hasMessageContaining("cannot parse selector");
        rabbit.close();
        broker.restart();
        rabbit = Rabbit.to(broker);
        channel = rabbit.confirming();

        channel.basicPublish("x", "t", headers(Map.of("colour", "red", "n", 2)),
                "few".getBytes(UTF_8));
        channel.basicPublish("x", "t", headers(Map.of("colour", "blue", "n", 3)),
                "blue".getBytes(UTF_8));
        channel.basicPublish("x", "t", headers(Map.of("colour", "red", "n", 3L)),
                "red".getBytes(UTF_8));
        Rabbit.confirmed(channel);

        assertThat(Rabbit.drain(channel, "q")).containsExactly("red");
    }
}
