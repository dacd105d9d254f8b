package io.taffrail.testkit.worlds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import io.taffrail.testkit.TaffrailBroker;
import io.taffrail.testkit.amqp.Rabbit;
import io.taffrail.testkit.amqp.Rabbit.Inbox;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicAsStreamIT {

    // Two loops, so that some partitions and the virtual host have different owners.
    private final TaffrailBroker broker = TaffrailBroker.builder().set("event.loops", "2").start();
    private Rabbit rabbit = Rabbit.to(broker);
    private final Kafka kafka = new Kafka(broker.bootstrap());

    @BeforeEach
    void createTopic() throws Exception {
        kafka.create("t", 3);
    }

    @AfterEach
    void close() throws Exception {
        kafka.close();
        rabbit.close();
        broker.close();
    }

    private Inbox read(String queue) throws Exception {
        Channel channel = rabbit.channel();
        channel.basicQos(100);
        Inbox inbox = new Inbox(channel);
        channel.basicConsume(queue, false, Map.of("x-stream-offset", "first"), inbox);
        return inbox;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aPartitionIsReadAsAStream() throws Exception {
        ProducerRecord<String, String> record = new ProducerRecord<>("t", 1, "key", "value");
        record.headers().add("colour", bytes("blue")).add("content-type", bytes("text/plain"));
        kafka.send(record);
        kafka.send(new ProducerRecord<>("t", 1, null, "second"));

        assertThat(rabbit.channel().queueDeclarePassive("t-1").getMessageCount()).isEqualTo(2);
        assertThat(rabbit.channel().queueDeclarePassive("t-0").getMessageCount()).isZero();
        Inbox inbox = read("t-1");
        Delivery first = inbox.next();
        assertThat(Rabbit.text(first.getBody())).isEqualTo("value");
        assertThat(first.getEnvelope().getRoutingKey()).isEqualTo("key");
        assertThat(first.getEnvelope().getExchange()).isEmpty();
        assertThat(first.getProperties().getContentType()).isEqualTo("text/plain");
        assertThat(first.getProperties().getHeaders()).containsEntry("x-stream-offset", 0L)
                .hasEntrySatisfying("colour",
                        colour -> assertThat(colour).hasToString("blue"));
        assertThat(inbox.nextText()).isEqualTo("second");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "zstd", "lz4", "snappy"})
    void compressedBatchesAreRead(String compression) throws Exception {
        try (KafkaProducer<String, String> producer = kafka
                .producer(Map.of("compression.type", compression, "linger.ms", "100"))) {
            for (int index = 0; index < 50; index++) {
                var _ = producer.send(new ProducerRecord<>("t", 0, "k", "value " + index));
            }
        }

        Inbox inbox = read("t-0");
        for (int index = 0; index < 50; index++) {
            assertThat(inbox.nextText()).isEqualTo("value " + index);
        }
    }

    @Test
    void aConsumerWaitsForWhatKafkaProduces() throws Exception {
        List<Inbox> inboxes = List.of(read("t-0"), read("t-1"), read("t-2"));

        for (int index = 0; index < 3; index++) {
            kafka.send(new ProducerRecord<>("t", index, null, "v" + index));
            assertThat(inboxes.get(index).nextText()).isEqualTo("v" + index);
        }
    }

    @Test
    void whatAmqpPublishesIsReadByKafka() throws Exception {
        Channel channel = rabbit.confirming();
        AMQP.BasicProperties properties = new AMQP.BasicProperties.Builder().messageId("m-1")
                .contentType("text/plain").headers(Map.of("colour", "blue")).build();
        for (int index = 0; index < 3; index++) {
            channel.basicPublish("", "t-" + index, properties, bytes("v" + index));
        }
        Rabbit.confirmed(channel);

        List<ConsumerRecord<String, String>> records = kafka.read("t", "g", 3);

        assertThat(records).extracting(ConsumerRecord::value)
                .containsExactlyInAnyOrder("v0", "v1", "v2");
        assertThat(records).allSatisfy(record -> {
            assertThat(record.key()).isEqualTo("t-" + record.partition());
            assertThat(record.value()).isEqualTo("v" + record.partition());
            assertThat(Kafka.header(record, "message-id")).isEqualTo("m-1");
            assertThat(Kafka.header(record, "content-type")).isEqualTo("text/plain");
            assertThat(Kafka.header(record, "colour")).isEqualTo("blue");
        });
    }

    @Test
    void anExchangeOfTheTopicsNameSpreadsAsKafkaDoes() throws Exception {
        Channel channel = rabbit.confirming();
        for (int index = 0; index < 20; index++) {
            String key = "customer-" + index + "é";
            channel.basicPublish("t", key, null, bytes("amqp"));
            Rabbit.confirmed(channel);
            int partition = kafka.send("t", key, "kafka").partition();
            Inbox inbox = read("t-" + partition);
            int pairs = rabbit.channel().queueDeclarePassive("t-" + partition).getMessageCount();
            Delivery last = inbox.next();
            Delivery before = last;
            for (int message = 1; message < pairs; message++) {
                before = last;
                last = inbox.next();
            }
            assertThat(before.getEnvelope().getRoutingKey()).isEqualTo(key);
            assertThat(Rabbit.text(before.getBody())).isEqualTo("amqp");
            assertThat(last.getEnvelope().getRoutingKey()).isEqualTo(key);
        }
    }

    @Test
    void anExchangeOfTheTopicsNameLeadsToAPartitionByItsNumber() throws Exception {
        Channel channel = rabbit.confirming();
        channel.exchangeDeclare("t", "direct", true);
        channel.basicPublish("t", "2", true, null, bytes("two"));
        channel.basicPublish("t", "", true, null, bytes("anywhere"));
        Rabbit.confirmed(channel);

        assertThat(read("t-2").nextText()).isEqualTo("two");
        assertThat(kafka.read("t", "g", 2)).extracting(ConsumerRecord::value)
                .containsExactlyInAnyOrder("two", "anywhere");
    }

    @Test
    void whatIsBoundToAPartitionStaysSoOverARestart() throws Exception {
        Channel channel = rabbit.confirming();
        channel.queueBind("t-1", "amq.topic", "a.#");
        rabbit.close();

        broker.restart();

        rabbit = Rabbit.to(broker);
        channel = rabbit.confirming();
        channel.basicPublish("amq.topic", "a.b", null, bytes("bound"));
        Rabbit.confirmed(channel);
        assertThat(read("t-1").nextText()).isEqualTo("bound");
        assertThat(kafka.read("t", "g", 1).getFirst().key()).isEqualTo("a.b");
    }

    @Test
    void partitionsThatAreAddedAreThere() throws Exception {
        var _ = kafka.admin().createPartitions(
                Map.of("t", org.apache.kafka.clients.admin.NewPartitions.increaseTo(4))).all()
                .get();
        Channel channel = rabbit.confirming();

        channel.basicPublish("t", "3", null, bytes("new"));
        Rabbit.confirmed(channel);

        assertThat(read("t-3").nextText()).isEqualTo("new");
    }

    @Test
    void deletingTheTopicEndsConsumersAndTakesStreamsAndExchangeAway() throws Exception {
        kafka.send(new ProducerRecord<>("t", 0, null, "v"));
        Inbox inbox = read("t-0");
        inbox.next();
        rabbit.channel().queueBind("t-0", "amq.fanout", "");

        var _ = kafka.admin().deleteTopics(List.of("t")).all().get();

        assertThat(inbox.cancelledTag()).isNotEmpty();
        assertThatThrownBy(() -> rabbit.channel().queueDeclarePassive("t-0"))
                .hasRootCauseMessage("%s", missing("queue 't-0'"));
        assertThatThrownBy(() -> rabbit.channel().exchangeDeclarePassive("t"))
                .hasRootCauseMessage("%s", missing("exchange 't'"));
    }

    private static String missing(String object) {
        return "channel error; protocol method: #method<channel.close>(reply-code=404, reply-text="
                + "NOT_FOUND - no " + object + " in vhost '/', class-id="
                + (object.startsWith("queue") ? "50" : "40") + ", method-id=10)";
    }

    @Test
    void aTopicIsNotDeletedAsAQueue() {
        assertThatThrownBy(() -> rabbit.channel().queueDelete("t-0"))
                .rootCause().hasMessageContaining("reply-code=403")
                .hasMessageContaining("a partition of a topic");
        assertThatThrownBy(() -> rabbit.channel().exchangeDelete("t"))
                .rootCause().hasMessageContaining("reply-code=403");
    }

    @Test
    void aCompactedTopicTakesNoMessageWithoutKey() throws Exception {
        var _ = kafka.admin()
                .createTopics(List.of(new org.apache.kafka.clients.admin.NewTopic("c", 1, (short) 1)
                        .configs(Map.of("cleanup.policy", "compact"))))
                .all().get();
        Channel channel = rabbit.confirming();
        channel.basicPublish("c", "k", null, bytes("kept"));
        Rabbit.confirmed(channel);

        channel.basicPublish("c", "", null, bytes("refused"));

        assertThat(channel.waitForConfirms(20_000)).isFalse();
        assertThat(rabbit.channel().queueDeclarePassive("c-0").getMessageCount()).isEqualTo(1);
    }
}
