package sample;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.taffrail.testkit.TaffrailBroker;
import io.taffrail.testkit.TaffrailExtension;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Messages over both protocols, with the client versions that this project chose. */
@Timeout(60)
class OrdersTest {

    @RegisterExtension
    static final TaffrailExtension TAFFRAIL = new TaffrailExtension(broker -> broker.inMemory());

    @Test
    void aRecordOfKafkasClientIsReadByItsGroup(TaffrailBroker broker) throws Exception {
        try (KafkaProducer<String, String> producer = producer(broker)) {
            producer.send(new ProducerRecord<>("orders", "emil", "juice")).get();
        }

        try (KafkaConsumer<String, String> consumer = consumer(broker)) {
            consumer.subscribe(List.of("orders"));
            assertEquals("juice", next(consumer).value());
            consumer.commitSync();
        }
    }

    @Test
    void aMessageOfRabbitsClientComesBack(TaffrailBroker broker) throws Exception {
        try (Connection connection = rabbit(broker)) {
            Channel channel = connection.createChannel();
            channel.confirmSelect();
            channel.queueDeclare("kitchen", true, false, false, null);
            channel.basicPublish("", "kitchen", null, "tea".getBytes(StandardCharsets.UTF_8));
            channel.waitForConfirmsOrDie(10_000);

            GetResponse tea = channel.basicGet("kitchen", true);

            assertEquals("tea", new String(tea.getBody(), StandardCharsets.UTF_8));
        }
    }

    /** The test waits no hour: everything due has happened when {@code advance} returns. */
    @Test
    void aMessageExpiresAsTheClockIsAdvanced(TaffrailBroker broker) throws Exception {
        try (Connection connection = rabbit(broker)) {
            Channel channel = connection.createChannel();
            channel.confirmSelect();
            channel.queueDeclare("soon", true, false, false, Map.of("x-message-ttl", 3_600_000));
            channel.basicPublish("", "soon", null, new byte[1]);
            channel.waitForConfirmsOrDie(10_000);

            broker.clock().advance(Duration.ofMinutes(59));
            assertEquals(1, channel.messageCount("soon"));
            broker.clock().advance(Duration.ofMinutes(1));

            assertEquals(0, channel.messageCount("soon"));
        }
    }

    @Test
    void aBrokerWithoutJUnitKeepsWhatItStoredOverARestart() throws Exception {
        try (TaffrailBroker broker = TaffrailBroker.start()) {
            try (KafkaProducer<String, String> producer = producer(broker)) {
                producer.send(new ProducerRecord<>("orders", "ada", "bread")).get();
            }
            broker.kill();
            try (KafkaConsumer<String, String> consumer = consumer(broker)) {
                consumer.subscribe(List.of("orders"));
                assertEquals("bread", next(consumer).value());
            }
        }
    }

    /**
     * The class path is this project's: its own client version and none of the broker's libraries.
     */
    @Test
    void theTestkitBringsNothing() throws Exception {
        Properties kafka = new Properties();
        try (InputStream in = KafkaProducer.class
                .getResourceAsStream("/kafka/kafka-version.properties")) {
            kafka.load(in);
        }
        assertEquals(System.getProperty("kafka.version"), kafka.getProperty("version"));
        List<String> names = Arrays.stream(System.getProperty("java.class.path")
                .split(System.getProperty("path.separator"))).toList();
        assertEquals(1, names.stream().filter(name -> name.contains("kafka-clients")).count());
        for (String absent : List.of("picocli.CommandLine",
                "io.taffrail.cli.server.Taffrail", "org.roaringbitmap.RoaringBitmap")) {
            assertThrows(ClassNotFoundException.class, () -> Class.forName(absent));
        }
    }

    private static Connection rabbit(TaffrailBroker broker) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setUri(broker.amqpUri());
        return factory.newConnection();
    }

    private static KafkaProducer<String, String> producer(TaffrailBroker broker) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", broker.bootstrap());
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }

    private static KafkaConsumer<String, String> consumer(TaffrailBroker broker) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", broker.bootstrap());
        settings.put("group.id", "kitchen");
        settings.put("auto.offset.reset", "earliest");
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    private static ConsumerRecord<String, String> next(KafkaConsumer<String, String> consumer) {
        while (true) {
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                return record;
            }
        }
    }
}
