package io.taffrail.kafka.transactions;

import io.taffrail.broker.Broker;
import io.taffrail.broker.BrokerConfig;
import io.taffrail.broker.topic.NewTopic;
import io.taffrail.kafka.KafkaConfig;
import io.taffrail.kafka.KafkaHead;
import io.taffrail.kafka.groups.GroupSettings;
import io.taffrail.log.config.HostPort;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.net.EventLoops;
import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A broker in memory that listens on a socket and can be killed, with topic {@code t} of three
 * partitions, and its clients.
 */
final class TransactionServer implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(60);
    static final TopicPartition FIRST = new TopicPartition("t", 0);

    private final InstantSource clock = Clock.systemUTC();
    private final TransactionSettings settings;
    private final List<Closeable> clients = new CopyOnWriteArrayList<>();
    private MemoryLogEngine engine = new MemoryLogEngine(clock);
    private EventLoops loops;
    private Broker broker;
    private KafkaHead head;

    TransactionServer(TransactionSettings settings) {
        this.settings = settings;
        loops = EventLoops.start(2);
        broker = Broker.open(engine, BrokerConfig.defaults(), loops.owners(), clock);
        head = start(0);
        broker.topics().create(NewTopic.of("t", 3, Map.of())).join();
    }

    TransactionServer() {
        this(TransactionSettings.defaults().withPartitions(4).withChecks(20, 20));
    }

    private KafkaHead start(int port) {
        return KafkaHead.start(broker,
                KafkaConfig.defaults().withListener(new HostPort("127.0.0.1", port)),
                GroupSettings.of(Map.of("offsets.topic.num.partitions", "4",
                        "group.initial.rebalance.delay.ms", "0")),
                settings, loops);
    }

    int port() {
        return head.address().getPort();
    }

    MemoryLogEngine engine() {
        return engine;
    }

    Broker broker() {
        return broker;
    }

    /**
     * Restarts with what is durable now. Nothing becomes durable meanwhile, so that whatever was
     * acknowledged is kept.
     */
    void kill() {
        engine.holdDurability();
        loops.owners().forEach(owner -> CompletableFuture.runAsync(() -> {}, owner).join());
        MemoryLogEngine survivor = engine.restart();
        int port = port();
        stop();
        engine = survivor;
        loops = EventLoops.start(2);
        broker = Broker.open(engine, BrokerConfig.defaults(), loops.owners(), clock);
        head = start(port);
    }

    private void stop() {
        head.close();
        broker.close();
        loops.close();
    }

    Admin admin() {
        Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + port()));
        clients.add(admin::close);
        return admin;
    }

    /** A producer with its transactions initialised. */
    KafkaProducer<String, String> producer(String id) {
        return producer(id, Map.of());
    }

    KafkaProducer<String, String> producer(String id, Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(Map.of("bootstrap.servers",
                "127.0.0.1:" + port(), "transactional.id", id, "retry.backoff.ms", "10",
                "linger.ms", "0", "max.block.ms", PATIENCE.toMillis()));
        config.putAll(more);
        KafkaProducer<String, String> producer = new KafkaProducer<>(config,
                new StringSerializer(), new StringSerializer());
        clients.add(() -> producer.close(Duration.ZERO));
        producer.initTransactions();
        return producer;
    }

    static ProducerRecord<String, String> record(int partition, String value) {
        return new ProducerRecord<>("t", partition, "k", value);
    }

    KafkaConsumer<String, String> consumer(Map<String, Object> more) {
        Map<String, Object> config = new HashMap<>(Map.of("bootstrap.servers",
                "127.0.0.1:" + port(), "auto.offset.reset", "earliest", "isolation.level",
                "read_committed", "enable.auto.commit", "false"));
        config.putAll(more);
        KafkaConsumer<String, String> consumer = new KafkaConsumer<>(config,
                new StringDeserializer(), new StringDeserializer());
        clients.add(() -> consumer.close());
        return consumer;
    }

    /** Values of the committed records of a partition, up to the last of these. */
    List<String> committedUntil(TopicPartition partition, String last) {
        return read(partition, "read_committed", values -> values.contains(last));
    }

    /** Values of all records of a partition, up to the last of these. */
    List<String> uncommittedUntil(TopicPartition partition, String last) {
        return read(partition, "read_uncommitted", values -> values.contains(last));
    }

    private List<String> read(TopicPartition partition, String isolation,
            Predicate<List<String>> complete) {
        KafkaConsumer<String, String> consumer = consumer(Map.of("isolation.level", isolation));
        consumer.assign(List.of(partition));
        List<String> values = new ArrayList<>();
        until(() -> {
            for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofMillis(50))) {
                values.add(each.value());
            }
            return complete.test(values);
        });
        return values;
    }

    /** Repeats until the condition holds. */
    static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("nothing came within " + PATIENCE);
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() throws IOException {
        for (Closeable client : clients) {
            client.close();
        }
        stop();
        engine.close();
    }
}
