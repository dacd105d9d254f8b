package io.taffrail.testkit.amqp;

import static io.taffrail.testkit.amqp.Rabbit.publish;
import static io.taffrail.testkit.amqp.Rabbit.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.ShutdownSignalException;
import io.taffrail.testkit.TaffrailBroker;
import io.taffrail.testkit.amqp.Rabbit.Inbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreamsIT {

    private static final Map<String, Object> STREAM = Map.of("x-queue-type", "stream");

    private final TaffrailBroker broker = TaffrailBroker.start();
    private Rabbit rabbit = Rabbit.to(broker);

    @BeforeEach
    void declareStream() throws Exception {
        rabbit.channel().queueDeclare("s", true, false, false, STREAM);
    }

    @AfterEach
    void close() throws Exception {
        rabbit.close();
        broker.close();
    }

    private Inbox read(Object offset) throws IOException {
        return readWith(Map.of("x-stream-offset", offset));
    }

    private Inbox readWith(Map<String, Object> arguments) throws IOException {
        Channel channel = rabbit.channel();
        channel.basicQos(100);
        Inbox inbox = new Inbox(channel);
        channel.basicConsume("s", false, arguments, inbox);
        return inbox;
    }

    private static @Nullable Object offset(Delivery delivery) {
        return delivery.getProperties().getHeaders().get("x-stream-offset");
    }

    @Test
    void everyConsumerReadsEverything() throws Exception {
        publish(rabbit.confirming(), "s", "a", "b", "c");

        for (int reader = 0; reader < 3; reader++) {
            Inbox inbox = read("first");
            for (long expected = 0; expected < 3; expected++) {
                Delivery delivery = inbox.next();
                assertThat(offset(delivery)).isEqualTo(expected);
                assertThat(text(delivery.getBody())).isEqualTo("abc".substring((int) expected,
                        (int) expected + 1));
                assertThat(delivery.getEnvelope().isRedeliver()).isFalse();
            }
        }
        assertThat(rabbit.channel().queueDeclarePassive("s").getMessageCount()).isEqualTo(3);
    }

    @Test
    void withoutAnOffsetAConsumerGetsWhatComesLater() throws Exception {
        Channel channel = rabbit.confirming();
        publish(channel, "s", "old");

        Inbox unspecified = readWith(Map.of());
        Inbox next = read("next");
        publish(channel, "s", "new");

        assertThat(unspecified.nextText()).isEqualTo("new");
        assertThat(offset(next.next())).isEqualTo(1L);
    }

    @Test
    void aNumberIsAnOffsetAlsoOneThatIsNotThereYet() throws Exception {
        Channel channel = rabbit.confirming();
        publish(channel, "s", "a", "b");

        Inbox inside = read(1);
        Inbox beyond = read(3L);
        publish(channel, "s", "c", "d");

        assertThat(inside.nextText()).isEqualTo("b");
        assertThat(beyond.nextText()).isEqualTo("d");
    }

    @Test
    void lastIsTheLastBatch() throws Exception {
        Channel channel = rabbit.confirming();
        publish(channel, "s", "a");
        publish(channel, "s", "b");
        publish(channel, "s", "c");

        assertThat(read("last").nextText()).isEqualTo("c");
    }

    @Test
    void timesAndSpansOfTimeAreFound() throws Exception {
        Channel channel = rabbit.confirming();
        publish(channel, "s", "a", "b");

        assertThat(read(Date.from(Instant.now().minusSeconds(60))).nextText()).isEqualTo("a");
        assertThat(read("1h").nextText()).isEqualTo("a");
        assertThat(read("2D").nextText()).isEqualTo("a");
        Inbox future = read(Date.from(Instant.now().plusSeconds(60)));
        publish(channel, "s", "c");
        assertThat(future.nextText()).isEqualTo("c");
    }

    @Test
    void acknowledgementsAreCredit() throws Exception {
        publish(rabbit.confirming(), "s", "a", "b", "c", "d");
        Channel channel = rabbit.channel();
        channel.basicQos(2);
        Inbox inbox = new Inbox(channel);
        channel.basicConsume("s", false, Map.of("x-stream-offset", "first"), inbox);
        inbox.next();
        Delivery second = inbox.next();
        // The broker answers after all earlier deliveries.
        channel.queueDeclarePassive("s");
        assertThat(inbox.waiting()).isZero();

        channel.basicNack(second.getEnvelope().getDeliveryTag(), true, true);

        assertThat(List.of(inbox.nextText(), inbox.nextText())).containsExactly("c", "d");
    }

    @Test
    void aFilterLetsThroughWhatIsAskedFor() throws Exception {
        Channel channel = rabbit.confirming();
        String[] regions = {"eu", "us", "", "asia"};
        for (int index = 0; index < 2_000; index++) {
            String region = regions[index % regions.length];
            channel.basicPublish("", "s", new AMQP.BasicProperties.Builder()
                    .headers(region.isEmpty() ? Map.of() : Map.of("x-stream-filter-value", region))
                    .build(), Integer.toString(index).getBytes(StandardCharsets.US_ASCII));
        }
        Rabbit.confirmed(channel);

        Inbox one = readWith(Map.of("x-stream-offset", "first", "x-stream-filter", "us"));
        Inbox several = readWith(Map.of("x-stream-offset", "first", "x-stream-filter",
                List.of("eu", "asia"), "x-stream-match-unfiltered", true));
        for (int index = 1; index < 400; index += 4) {
            assertThat(one.nextText()).isEqualTo(Integer.toString(index));
        }
        for (int index = 0; index < 100; index++) {
            if (index % 4 != 1) {
                assertThat(several.nextText()).isEqualTo(Integer.toString(index));
            }
        }
    }

    @Test
    void propertiesComeWithTheOffsetAdded() throws Exception {
        Channel channel = rabbit.confirming();
        channel.queueBind("s", "amq.topic", "a.#");
        AMQP.BasicProperties sent = new AMQP.BasicProperties.Builder().contentType("text/plain")
                .messageId("m").headers(new HashMap<>(Map.of("h", "v", "x-stream-offset", 99)))
                .build();
        channel.basicPublish("amq.topic", "a.b", sent, new byte[200_000]);
        Rabbit.confirmed(channel);

        Delivery got = read("first").next();

        assertThat(got.getProperties().getContentType()).isEqualTo("text/plain");
        assertThat(got.getProperties().getMessageId()).isEqualTo("m");
        assertThat(got.getProperties().getHeaders()).hasSize(2).containsEntry("x-stream-offset", 0L)
                .containsKey("h");
        assertThat(got.getEnvelope().getExchange()).isEqualTo("amq.topic");
        assertThat(got.getEnvelope().getRoutingKey()).isEqualTo("a.b");
        assertThat(got.getBody()).hasSize(200_000);
    }

    @Test
    void aStreamSurvivesARestart() throws Exception {
        publish(rabbit.confirming(), "s", "a", "b");
        rabbit.close();

        broker.restart();

        rabbit = Rabbit.to(broker);
        publish(rabbit.confirming(), "s", "c");
        Inbox inbox = read("first");
        assertThat(List.of(inbox.nextText(), inbox.nextText(), inbox.nextText()))
                .containsExactly("a", "b", "c");
    }

    @Test
    void fanOutReachesQueuesAndStreams() throws Exception {
        Channel channel = rabbit.confirming();
        channel.queueDeclare("q", true, false, false, null);
        channel.queueBind("q", "amq.fanout", "");
        channel.queueBind("s", "amq.fanout", "");

        channel.basicPublish("amq.fanout", "", null, "a".getBytes(StandardCharsets.UTF_8));
        Rabbit.confirmed(channel);

        assertThat(Rabbit.drain(channel, "q")).containsExactly("a");
        assertThat(read("first").nextText()).isEqualTo("a");
    }

    @Test
    void deletingAStreamEndsItsConsumers() throws Exception {
        publish(rabbit.confirming(), "s", "a");
        Inbox inbox = read("first");
        inbox.next();

        rabbit.channel().queueDelete("s");

        assertThat(inbox.cancelledTag()).isNotEmpty();
        assertRefused(404, "no queue 's'", () -> rabbit.channel().queueDeclarePassive("s"));
    }

    @Test
    void whatAStreamCannotDoIsRefusedAsRabbitMqDoes() throws Exception {
        assertRefused(406, "consumer prefetch count is not set for 'queue 's' in vhost '/''",
                () -> rabbit.channel().basicConsume("s", false, new Inbox(rabbit.channel())));
        assertEnds(540, "basic.get not supported by stream queues queue 's' in vhost '/'",
                channel -> channel.basicGet("s", false));
        assertEnds(540, "queue.purge not supported by stream queues queue 's' in vhost '/'",
                channel -> channel.queuePurge("s"));
        assertEnds(540, "not supported by stream queues queue 's' in vhost '/'", channel -> {
            channel.basicQos(10);
            channel.basicConsume("s", true, new Inbox(channel));
        });
        assertEnds(540, "queue 's' in vhost '/' does not support global qos", channel -> {
            channel.basicQos(10);
            channel.basicQos(10, true);
            channel.basicConsume("s", false, new Inbox(channel));
        });
        assertRefused(406, "{invalid_stream_offset_arg,{longstr,<<\"7 parsecs\">>}}", () -> {
            Channel channel = rabbit.channel();
            channel.basicQos(10);
            channel.basicConsume("s", false, Map.of("x-stream-offset", "7 parsecs"),
                    new Inbox(channel));
        });
        assertRefused(406, "Cannot declare a server-named queue for type rabbit_stream_queue",
                () -> rabbit.channel().queueDeclare("", true, false, false, STREAM));
    }

    @Test
    void impossibleStreamsAreRefused() throws Exception {
        refusesToDeclare("invalid property 'non-durable'", false, false, Map.of());
        refusesToDeclare("invalid property 'auto-delete'", true, true, Map.of());
        refusesToDeclare("invalid arg 'x-max-length'", true, false, Map.of("x-max-length", 5));
        refusesToDeclare("invalid arg 'x-max-age' for queue 't' in vhost '/': invalid_max_age",
                true, false, Map.of("x-max-age", "5 days"));
        refusesToDeclare("Exceeded max value for x-stream-max-segment-size-bytes", true, false,
                Map.of("x-stream-max-segment-size-bytes", 3_000_000_001L));
        assertRefused(406, "inequivalent arg 'x-queue-type'",
                () -> rabbit.channel().queueDeclare("s", true, false, false, null));
    }

    @Test
    void oldSegmentsGoWhenTheStreamIsTooLarge() throws Exception {
        Map<String, Object> arguments = new HashMap<>(STREAM);
        arguments.put("x-max-length-bytes", 50_000);
        arguments.put("x-stream-max-segment-size-bytes", 20_000);
        Channel channel = rabbit.confirming();
        channel.queueDelete("s");
        channel.queueDeclare("s", true, false, false, arguments);

        for (int message = 0; message < 100; message++) {
            channel.basicPublish("", "s", null, new byte[5_000]);
            Rabbit.confirmed(channel);
        }

        assertThat(rabbit.channel().queueDeclarePassive("s").getMessageCount()).isBetween(10, 20);
        assertThat(offset(read("first").next())).asInstanceOf(InstanceOfAssertFactories.LONG)
                .isGreaterThanOrEqualTo(80);
    }

    private void refusesToDeclare(String text, boolean durable, boolean autoDelete,
            Map<String, Object> more) {
        Map<String, Object> arguments = new HashMap<>(STREAM);
        arguments.putAll(more);
        assertRefused(406, text,
                () -> rabbit.channel().queueDeclare("t", durable, false, autoDelete, arguments));
    }

    private static void assertRefused(int code, String text, ThrowingCallable call) {
        assertThatThrownBy(call).satisfies(failure -> {
            Throwable cause = failure instanceof ShutdownSignalException
                    ? failure
                    : failure.getCause();
            assertThat(cause).hasMessageContaining("reply-code=" + code)
                    .hasMessageContaining(text);
        });
    }

    /** An action of a client on a channel. */
    private interface Action {
        void on(Channel channel) throws Exception;
    }

    /** The action ends the connection, so it gets a separate one. */
    private void assertEnds(int code, String text, Action action) throws Exception {
        try (Rabbit other = Rabbit.connect(broker.amqpAddress())) {
            Channel channel = other.channel();
            assertRefused(code, text, () -> action.on(channel));
            assertThatThrownBy(other::channel).isInstanceOf(AlreadyClosedException.class);
        }
    }
}
