package io.taffrail.testkit.worlds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import io.taffrail.testkit.TaffrailBroker;
import io.taffrail.testkit.amqp.Rabbit;
import io.taffrail.testkit.amqp.Rabbit.Inbox;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueueAsTopicIT {

    private final TaffrailBroker broker = TaffrailBroker.builder().set("event.loops", "2").start();
    private Rabbit rabbit = Rabbit.to(broker);
    private final Kafka kafka = new Kafka(broker.bootstrap());

    @BeforeEach
    void declareQueues() throws Exception {
        Channel channel = rabbit.channel();
        channel.queueDeclare("classic", true, false, false, null);
        channel.queueDeclare("quorum", true, false, false, Map.of("x-queue-type", "quorum"));
        channel.queueDeclare("stream", true, false, false, Map.of("x-queue-type", "stream"));
    }

    @AfterEach
    void close() throws Exception {
        kafka.close();
        rabbit.close();
        broker.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "quorum", "stream"})
    void aConsumerGroupReplaysTheQueue(String queue) throws Exception {
        Channel channel = rabbit.confirming();
        channel.queueBind(queue, "amq.topic", "order.*");
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder().messageId("m-1")
                .contentType("application/json").headers(Map.of("n", 7)).build();
        channel.basicPublish("amq.topic", "order.new", properties, bytes("{}"));
        Rabbit.publish(channel, queue, "second");

        List<ConsumerRecord<String, String>> records = kafka.read(queue, "g", 2);

        ConsumerRecord<String, String> first = records.getFirst();
        assertThat(first.value()).isEqualTo("{}");
        assertThat(first.key()).isEqualTo("order.new");
        assertThat(first.offset()).isZero();
        assertThat(Kafka.header(first, "content-type")).isEqualTo("application/json");
        assertThat(Kafka.header(first, "message-id")).isEqualTo("m-1");
        assertThat(Kafka.header(first, "n")).isEqualTo("7");
        assertThat(records.get(1).value()).isEqualTo("second");
        // The group has its own position: the queue keeps its messages, and the group continues.
        assertThat(rabbit.channel().queueDeclarePassive(queue).getMessageCount()).isEqualTo(2);
        Rabbit.publish(channel, queue, "third");
        assertThat(kafka.read(queue, "g", 1).getFirst().value()).isEqualTo("third");
    }

    @Test
    void aSettledMessageIsReadWhileTheLogKeepsIt() throws Exception {
        Rabbit.publish(rabbit.confirming(), "classic", "a", "b");
        assertThat(Rabbit.drain(rabbit.channel(), "classic")).containsExactly("a", "b");

        assertThat(kafka.read("classic", "g", 2)).extracting(ConsumerRecord::value)
                .containsExactly("a", "b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip"})
    void whatKafkaProducesIsInTheQueue(String compression) throws Exception {
        ProducerRecord<String, String> record = new ProducerRecord<>("classic", "key",
                "from kafka");
        record.headers().add("colour", bytes("blue")).add("message-id", bytes("m"));
        try (KafkaProducer<String, String> producer = kafka
                .producer(Map.of("compression.type", compression))) {
            assertThat(producer.send(record).get().offset()).isZero();
        }
        Rabbit.publish(rabbit.confirming(), "classic", "from amqp");

        Channel channel = rabbit.channel();
        assertThat(channel.queueDeclarePassive("classic").getMessageCount()).isEqualTo(2);
        GetResponse first = channel.basicGet("classic", false);
        assertThat(Rabbit.text(first.getBody())).isEqualTo("from kafka");
        assertThat(first.getEnvelope().getRoutingKey()).isEqualTo("key");
        assertThat(first.getProps().getMessageId()).isEqualTo("m");
        assertThat(first.getProps().getHeaders()).hasEntrySatisfying("colour",
                colour -> assertThat(colour).hasToString("blue"));
        channel.basicReject(first.getEnvelope().getDeliveryTag(), true);
        assertThat(Rabbit.drain(channel, "classic")).containsExactly("from kafka", "from amqp");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip"})
    void whatKafkaProducesIsNoDuplicateButHasOnes(String compression) throws Exception {
        Channel channel = rabbit.confirming();
        channel.queueDeclare("once", true, false, false, Map.of("x-message-deduplication", true));
        try (KafkaProducer<String, String> producer = kafka
                .producer(Map.of("compression.type", compression, "linger.ms", 50))) {
            for (String value : List.of("a", "b")) {
                ProducerRecord<String, String> record = new ProducerRecord<>("once", value);
                record.headers().add("x-deduplication-header", bytes("known"));
                var _ = producer.send(record);
            }
        }
        AMQP.BasicProperties known = new AMQP.BasicProperties.Builder()
                .headers(Map.of("x-deduplication-header", "known")).build();
        channel.basicPublish("", "once", known, bytes("duplicate"));
        Rabbit.confirmed(channel);
        assertThat(Rabbit.drain(channel, "once")).containsExactly("a", "b");

        channel.basicPublish("", "once", known, bytes("c"));
        Rabbit.confirmed(channel);
        assertThat(Rabbit.drain(channel, "once")).containsExactly("c");
    }

    @Test
    void consumersWaitForWhatKafkaProduces() throws Exception {
        Channel channel = rabbit.channel();
        channel.basicQos(10);
        Inbox classic = new Inbox(channel);
        Inbox stream = new Inbox(channel);
        channel.basicConsume("classic", false, classic);
        channel.basicConsume("stream", false, stream);

        kafka.send("classic", "k", "one");
        kafka.send("stream", "k", "two");

        assertThat(classic.nextText()).isEqualTo("one");
        assertThat(stream.nextText()).isEqualTo("two");
    }

    @Test
    void offsetsAreThoseOfTheLog() throws Exception {
        Rabbit.publish(rabbit.confirming(), "stream", "a", "b", "c");
        TopicPartition partition = new TopicPartition("stream", 0);

        assertThat(kafka.admin().listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition).get().offset()).isEqualTo(3);
        assertThat(kafka.admin().listOffsets(Map.of(partition, OffsetSpec.earliest()))
                .partitionResult(partition).get().offset()).isZero();
    }

    @Test
    void queuesOutliveARestartAsTopicsToo() throws Exception {
        kafka.send("classic", "k", "v");
        rabbit.close();

        broker.restart();

        rabbit = Rabbit.to(broker);
        kafka.send("classic", "k", "w");
        assertThat(kafka.read("classic", "g", 2)).extracting(ConsumerRecord::value)
                .containsExactly("v", "w");
        assertThat(Rabbit.drain(rabbit.channel(), "classic")).containsExactly("v", "w");
    }

    @Test
    void namesThatKafkaCannotCarryAreMapped() throws Exception {
        rabbit.channel().queueDeclare("a/b ü", true, false, false, null);
        rabbit.channel().queueDeclare("of a session", true, true, false, null);
        rabbit.channel().queueDeclare("transient", false, false, false, null);
        Rabbit.publish(rabbit.confirming(), "a/b ü", "v");

        assertThat(kafka.topics()).contains("classic", "quorum", "stream",
                "vhost._2f.queue.a_2fb_20_c3_bc").hasSize(4);
        assertThat(kafka.read("vhost._2f.queue.a_2fb_20_c3_bc", "g", 1).getFirst().value())
                .isEqualTo("v");
    }

    @Test
    void aDeletedQueueIsNoTopic() throws Exception {
        rabbit.channel().queueDelete("classic");

        assertThat(kafka.topics()).containsExactlyInAnyOrder("quorum", "stream");
        kafka.create("classic", 2);
        assertThat(rabbit.channel().queueDeclarePassive("classic-1").getMessageCount()).isZero();
    }

    @Test
    void aNameIsAQueueOrATopic() throws Exception {
        rabbit.channel().queueDeclare("u-1", true, false, false, null);
        kafka.create("t", 1);

        assertThatThrownBy(() -> kafka.create("classic", 1))
                .hasRootCauseInstanceOf(TopicExistsException.class);
        assertThatThrownBy(() -> kafka.create("u", 2))
                .hasRootCauseInstanceOf(InvalidTopicException.class)
                .rootCause().hasMessageContaining("'u-1'");
        kafka.create("u", 1);
        assertThatThrownBy(() -> rabbit.channel().queueDeclare("t", true, false, false, null))
                .rootCause().hasMessageContaining("reply-code=406")
                .hasMessageContaining("there is a topic of this name");
        assertThatThrownBy(() -> rabbit.channel().queueDeclare("t-0", true, false, false, null))
                .rootCause().hasMessageContaining("inequivalent arg 'x-queue-type'");
    }

    @Test
    void aQueueIsChangedAsAQueueOnly() {
        assertThatThrownBy(() -> kafka.admin().deleteTopics(List.of("classic")).all().get())
                .hasRootCauseInstanceOf(InvalidRequestException.class)
                .rootCause().hasMessageContaining("is a queue");
        assertThatThrownBy(() -> kafka.admin().createTopics(List.of(
                new NewTopic("stream", 1, (short) 1))).all().get())
                .hasRootCauseInstanceOf(TopicExistsException.class);
        assertThatThrownBy(() -> kafka.admin().incrementalAlterConfigs(Map.of(
                new org.apache.kafka.common.config.ConfigResource(
                        org.apache.kafka.common.config.ConfigResource.Type.TOPIC, "stream"),
                List.of(new org.apache.kafka.clients.admin.AlterConfigOp(
                        new org.apache.kafka.clients.admin.ConfigEntry("retention.ms", "5"),
                        org.apache.kafka.clients.admin.AlterConfigOp.OpType.SET))))
                .all().get()).hasRootCauseInstanceOf(InvalidConfigurationException.class);
    }
}
