package io.taffrail.testkit.amqp;

import static io.taffrail.testkit.amqp.Rabbit.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.RpcClient;
import com.rabbitmq.client.RpcClientParams;
import io.taffrail.testkit.TaffrailBroker;
import io.taffrail.testkit.amqp.Rabbit.Inbox;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueuesIT {

    private final TaffrailBroker broker = TaffrailBroker.start();
    private Rabbit rabbit = Rabbit.to(broker);

    @BeforeEach
    void declareQueue() throws Exception {
        rabbit.channel().queueDeclare("q", true, false, false, null);
    }

    @AfterEach
    void close() throws Exception {
        rabbit.close();
        broker.close();
    }

    @Test
    void whatIsPublishedIsConsumedInOrder() throws Exception {
        publish(rabbit.confirming(), "q", "a", "b", "c");
        Channel channel = rabbit.channel();
        Inbox inbox = new Inbox(channel);

        channel.basicConsume("q", false, inbox);

        assertThat(List.of(inbox.nextText(), inbox.nextText(), inbox.nextText()))
                .containsExactly("a", "b", "c");
    }

    @Test
    void confirmedMessagesSurviveARestartAndAcknowledgedOnesDoNotComeBack() throws Exception {
        Channel channel = rabbit.confirming();
        publish(channel, "q", "a", "b", "c");
        GetResponse first = channel.basicGet("q", false);
        channel.basicAck(first.getEnvelope().getDeliveryTag(), false);
        rabbit.close();

        broker.restart();

        rabbit = Rabbit.to(broker);
        assertThat(Rabbit.drain(rabbit.channel(), "q")).containsExactly("b", "c");
    }

    @Test
    void confirmedMessagesSurviveAKill() throws Exception {
        publish(rabbit.confirming(), "q", "a", "b");

        broker.kill();

        rabbit = Rabbit.to(broker);
        assertThat(Rabbit.drain(rabbit.channel(), "q")).containsExactly("a", "b");
    }

    @Test
    void propertiesAndBodyComeAsTheyWent() throws Exception {
        Channel channel = rabbit.confirming();
        AMQP.BasicProperties sent = new AMQP.BasicProperties.Builder().contentType("text/plain")
                .contentEncoding("utf-8").deliveryMode(2).priority(3).correlationId("c")
                .replyTo("r").messageId("m").timestamp(Date.from(Instant.ofEpochSecond(1234)))
                .type("t").userId("guest").appId("a").clusterId("x")
                .headers(Map.of("text", "é", "number", 7, "long", 1L << 40, "list",
                        List.of(1, "two"), "table", Map.of("in", true), "double", 1.5,
                        "decimal", new BigDecimal("12.34"), "date",
                        Date.from(Instant.ofEpochSecond(5)), "bytes", new byte[]{1, 2}))
                .build();
        byte[] body = new byte[300_000];
        new java.util.Random(7).nextBytes(body);

        channel.basicPublish("", "q", sent, body);
        Rabbit.confirmed(channel);
        GetResponse got = channel.basicGet("q", true);

        assertThat(got.getBody()).isEqualTo(body);
        assertThat(got.getEnvelope().getRoutingKey()).isEqualTo("q");
        assertThat(got.getEnvelope().getExchange()).isEmpty();
        assertThat(got.getEnvelope().isRedeliver()).isFalse();
        AMQP.BasicProperties came = got.getProps();
        assertThat(came.builder().headers(null).build())
                .hasToString(sent.builder().headers(null).build().toString());
        assertThat(came.getHeaders()).hasSameSizeAs(sent.getHeaders())
                .containsEntry("number", 7).containsEntry("long", 1L << 40)
                .containsEntry("double", 1.5).containsEntry("decimal", new BigDecimal("12.34"))
                .containsEntry("table", Map.of("in", true))
                .containsEntry("date", Date.from(Instant.ofEpochSecond(5)))
                .hasEntrySatisfying("text", text -> assertThat(text).hasToString("é"))
                .hasEntrySatisfying("bytes", bytes -> assertThat(bytes)
                        .isEqualTo(new byte[]{1, 2}));
    }

    @Test
    void aRejectedMessageGoesBackToItsPlaceAndIsMarked() throws Exception {
        Channel channel = rabbit.confirming();
        publish(channel, "q", "a", "b");
        GetResponse first = channel.basicGet("q", false);

        channel.basicReject(first.getEnvelope().getDeliveryTag(), true);

        GetResponse again = channel.basicGet("q", true);
        assertThat(Rabbit.text(again.getBody())).isEqualTo("a");
        assertThat(again.getEnvelope().isRedeliver()).isTrue();
        GetResponse second = channel.basicGet("q", true);
        assertThat(second.getEnvelope().isRedeliver()).isFalse();
    }

    @Test
    void closingTheChannelGivesBackWhatItHeld() throws Exception {
        publish(rabbit.confirming(), "q", "a", "b", "c");
        Channel channel = rabbit.channel();
        Inbox inbox = new Inbox(channel);
        channel.basicConsume("q", false, inbox);
        Delivery a = inbox.next();
        inbox.next();
        channel.basicAck(a.getEnvelope().getDeliveryTag(), false);

        channel.close();

        assertThat(Rabbit.drain(rabbit.channel(), "q")).containsExactly("b", "c");
    }

    @Test
    void prefetchBoundsWhatIsHeld() throws Exception {
        publish(rabbit.confirming(), "q", "a", "b", "c", "d");
        Channel channel = rabbit.channel();
        channel.basicQos(2);
        Inbox inbox = new Inbox(channel);
        channel.basicConsume("q", false, inbox);
        inbox.next();
        Delivery second = inbox.next();
        assertThat(rabbit.channel().messageCount("q")).isEqualTo(2);
        assertThat(inbox.waiting()).isZero();

        channel.basicAck(second.getEnvelope().getDeliveryTag(), true);

        assertThat(inbox.nextText()).isEqualTo("c");
        assertThat(inbox.nextText()).isEqualTo("d");
    }

    @Test
    void anUnroutableMandatoryMessageComesBackBeforeItsConfirm() throws Exception {
        Channel channel = rabbit.confirming();
        CompletableFuture<String> returned = new CompletableFuture<>();
        channel.addReturnListener(back -> returned.complete(back.getReplyText()));

        channel.basicPublish("", "nowhere", true, null, new byte[1]);
        Rabbit.confirmed(channel);

        assertThat(returned).isCompletedWithValue("NO_ROUTE");
    }

    @Test
    void publishingToAnExchangeThatIsNotThereClosesTheChannel() throws Exception {
        Channel channel = rabbit.channel();

        channel.basicPublish("nowhere", "q", null, new byte[1]);

        // The channel may be closed before or during the call.
        assertThatThrownBy(() -> channel.basicQos(1)).hasStackTraceContaining(
                "NOT_FOUND - no exchange 'nowhere' in vhost '/', class-id=60, method-id=40");
        assertThat(rabbit.channel().messageCount("q")).isZero();
    }

    @Test
    void declaringDifferentlyIsRefused() throws Exception {
        assertThatThrownBy(
                () -> rabbit.channel().queueDeclare("q", false, false, false, null)).rootCause()
                .hasMessageContaining("PRECONDITION_FAILED - inequivalent arg 'durable' for queue"
                        + " 'q' in vhost '/': received 'false' but current is 'true'");
    }

    @Test
    void topicsFanOut() throws Exception {
        Channel channel = rabbit.confirming();
        channel.exchangeDeclare("logs", "topic", true);
        String all = channel.queueDeclare().getQueue();
        String errors = channel.queueDeclare().getQueue();
        channel.queueBind(all, "logs", "#");
        channel.queueBind(errors, "logs", "*.error");

        channel.basicPublish("logs", "app.error", null, "e".getBytes(StandardCharsets.UTF_8));
        channel.basicPublish("logs", "app.info", null, "i".getBytes(StandardCharsets.UTF_8));
        Rabbit.confirmed(channel);

        assertThat(Rabbit.drain(channel, all)).containsExactly("e", "i");
        assertThat(Rabbit.drain(channel, errors)).containsExactly("e");
    }

    @Test
    void aTransactionIsNothingUntilItIsCommitted() throws Exception {
        publish(rabbit.confirming(), "q", "old");
        Channel channel = rabbit.channel();
        channel.txSelect();
        GetResponse old = channel.basicGet("q", false);

        channel.basicPublish("", "q", MessageProperties.MINIMAL_PERSISTENT_BASIC, new byte[]{'n'});
        channel.basicAck(old.getEnvelope().getDeliveryTag(), false);
        channel.txRollback();
        assertThat(rabbit.channel().messageCount("q")).isZero();

        channel.basicPublish("", "q", MessageProperties.MINIMAL_PERSISTENT_BASIC, new byte[]{'n'});
        channel.basicAck(old.getEnvelope().getDeliveryTag(), false);
        channel.txCommit();
        channel.close();

        assertThat(Rabbit.drain(rabbit.channel(), "q")).containsExactly("n");
    }

    @Test
    void theConsumerOfADeletedQueueIsTold() throws Exception {
        Channel channel = rabbit.channel();
        Inbox inbox = new Inbox(channel);
        String tag = channel.basicConsume("q", inbox);

        rabbit.channel().queueDelete("q");

        assertThat(inbox.cancelledTag()).isEqualTo(tag);
    }

    @Test
    void exclusiveQueuesGoWithTheirConnection() throws Exception {
        String mine;
        try (Rabbit other = Rabbit.to(broker)) {
            mine = other.channel().queueDeclare().getQueue();
            assertThatThrownBy(() -> rabbit.channel().queueDeclarePassive(mine)).rootCause()
                    .hasMessageContaining("RESOURCE_LOCKED");
        }

        assertThatThrownBy(() -> rabbit.channel().queueDeclarePassive(mine)).rootCause()
                .hasMessageContaining("NOT_FOUND - no queue '" + mine + "' in vhost '/'");
    }

    @Test
    void directRepliesNeedNoQueue() throws Exception {
        Channel server = rabbit.channel();
        server.basicConsume("q", true, (tag, request) -> server.basicPublish("",
                request.getProperties().getReplyTo(), new AMQP.BasicProperties.Builder()
                        .correlationId(request.getProperties().getCorrelationId()).build(),
                ("re: " + Rabbit.text(request.getBody())).getBytes(StandardCharsets.UTF_8)),
                tag -> {});
        RpcClient client = new RpcClient(new RpcClientParams().channel(rabbit.channel())
                .exchange("").routingKey("q").timeout(20_000));

        assertThat(client.stringCall("hello")).isEqualTo("re: hello");

        client.close();
    }
}
