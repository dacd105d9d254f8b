package io.taffrail.testkit.worlds;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import io.taffrail.testkit.TaffrailBroker;
import io.taffrail.testkit.amqp.Rabbit;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Keys and headers that are not UTF-8 pass from Kafka's clients to RabbitMQ's and back unchanged.
 */
class RawBytesIT {

    private static final int PATIENCE_S = 30;
    private static final byte[] KEY = HexFormat.of().parseHex("636166e900ff");
    private static final byte[] GUID = HexFormat.of()
            .parseHex("8f00ff10c3a9fe7f0102d8d9dadbdcdd");

    private final TaffrailBroker broker = TaffrailBroker.builder().start();
    private final Rabbit rabbit = Rabbit.to(broker);

    @AfterEach
    void close() throws Exception {
        rabbit.close();
        broker.close();
    }

    private void produce(String topic, String compression) throws Exception {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, 0, KEY,
                "body".getBytes(StandardCharsets.US_ASCII));
        record.headers().add("guid", GUID);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap(), "compression.type", compression),
                new ByteArraySerializer(), new ByteArraySerializer())) {
            var _ = producer.send(record).get();
        }
    }

    private static GetResponse get(Channel channel) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(PATIENCE_S).toNanos();
        while (System.nanoTime() < end) {
            GetResponse got = channel.basicGet("q", false);
            if (got != null) {
                return got;
            }
        }
        throw new AssertionError("nothing in the queue");
    }

    private ConsumerRecord<byte[], byte[]> read(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrap(), "auto.offset.reset", "earliest",
                        "group.id", "g-" + topic),
                new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(topic));
            long end = System.nanoTime() + Duration.ofSeconds(PATIENCE_S).toNanos();
            while (System.nanoTime() < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer
                        .poll(Duration.ofMillis(200))) {
                    return record;
                }
            }
        }
        throw new AssertionError("nothing in " + topic);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip"})
    void aRecordThatIsDeadLetteredKeepsItsBytes(String compression) throws Exception {
        Channel channel = rabbit.channel();
        channel.queueDeclare("dead", true, false, false, null);
        channel.queueBind("dead", "amq.fanout", "");
        channel.queueDeclare("q", true, false, false,
                Map.of("x-dead-letter-exchange", "amq.fanout"));
        produce("q", compression);
        GetResponse got = get(channel);
        assertThat(got.getProps().getHeaders().get("guid")).isEqualTo(GUID);

        channel.basicReject(got.getEnvelope().getDeliveryTag(), false);

        ConsumerRecord<byte[], byte[]> dead = read("dead");
        assertThat(dead.key()).isEqualTo(KEY);
        assertThat(dead.headers().lastHeader("guid").value()).isEqualTo(GUID);
        assertThat(Rabbit.text(dead.value())).isEqualTo("body");
    }

    @Test
    void bytesOfAMessageAreReadByKafka() throws Exception {
        Channel channel = rabbit.confirming();
        channel.queueDeclare("q", true, false, false, null);
        channel.basicPublish("", "q", new AMQP.BasicProperties.Builder()
                .headers(Map.of("guid", GUID)).build(), GUID);
        Rabbit.confirmed(channel);

        ConsumerRecord<byte[], byte[]> record = read("q");

        assertThat(record.headers().lastHeader("guid").value()).isEqualTo(GUID);
        assertThat(record.value()).isEqualTo(GUID);
    }
}
