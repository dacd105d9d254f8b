package io.taffrail.kafka;

import io.taffrail.broker.Broker;
import io.taffrail.broker.BrokerConfig;
import io.taffrail.log.config.HostPort;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.net.EventLoops;
import io.taffrail.net.MemoryBudget;
import io.taffrail.net.NetConfig;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A broker with a Kafka head over logs in memory, and its clients. Closing it closes all of them.
 */
public final class HeadFixture implements AutoCloseable {

    public static final Duration PATIENCE = Duration.ofSeconds(20);

    public final MemoryLogEngine engine;
    public final EventLoops loops;
    public final Broker broker;
    public final KafkaHead head;
    private final List<Closeable> clients = new ArrayList<>();

    public HeadFixture() {
        this(BrokerConfig.defaults(), KafkaConfig.defaults());
    }

    public HeadFixture(BrokerConfig brokerConfig, KafkaConfig kafkaConfig) {
        this(new MemoryLogEngine(InstantSource.system()), brokerConfig, kafkaConfig);
    }

    public HeadFixture(MemoryLogEngine engine, BrokerConfig brokerConfig,
            KafkaConfig kafkaConfig) {
        this(engine, brokerConfig, kafkaConfig, MemoryBudget.of(NetConfig.defaults()));
    }

    public HeadFixture(MemoryLogEngine engine, BrokerConfig brokerConfig, KafkaConfig kafkaConfig,
            MemoryBudget memory) {
        this.loops = EventLoops.start(2, memory);
        InstantSource clock = InstantSource.system();
        this.engine = engine;
        this.broker = Broker.open(engine, brokerConfig, loops.owners(), clock);
        this.head = KafkaHead.start(broker,
                kafkaConfig.withListener(new HostPort("127.0.0.1", 0)), loops);
    }

    public String address() {
        return "127.0.0.1:" + head.address().getPort();
    }

    public Admin admin() {
        Admin admin = Admin.create(Map.of("bootstrap.servers", address()));
        clients.add(admin::close);
        return admin;
    }

    public KafkaProducer<String, String> producer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(Map.of("bootstrap.servers", address()));
        all.putAll(settings);
        return keep(new KafkaProducer<>(all, new StringSerializer(), new StringSerializer()));
    }

    public KafkaConsumer<String, String> consumer(Map<String, Object> settings) {
        Map<String, Object> all = new HashMap<>(Map.of("bootstrap.servers", address(),
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"));
        all.putAll(settings);
        return keep(
                new KafkaConsumer<>(all, new StringDeserializer(), new StringDeserializer()));
    }

    /** Polls from the start until {@code count} records of the partition have been read. */
    public List<ConsumerRecord<String, String>> readAll(TopicPartition partition, int count) {
        KafkaConsumer<String, String> consumer = consumer(Map.of());
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        List<ConsumerRecord<String, String>> records = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (records.size() < count && System.nanoTime() < deadline) {
            consumer.poll(Duration.ofMillis(100)).forEach(records::add);
        }
        return records;
    }

    private <T extends Closeable> T keep(T client) {
        clients.add(client);
        return client;
    }

    @Override
    public void close() throws IOException {
        for (Closeable client : clients) {
            client.close();
        }
        head.close();
        broker.close();
        engine.close();
        loops.close();
    }
}
