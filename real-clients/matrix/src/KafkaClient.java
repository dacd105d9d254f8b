import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Typical work of an application with Kafka's Java client. Compiled against 2.1, run with every
 * minor version since: methods that later versions renamed or added are called by reflection.
 * Returns the failure, or nothing.
 */
public final class KafkaClient implements UnaryOperator<String> {

    private static final List<String> COMPRESSIONS = Arrays.asList("none", "gzip", "snappy", "lz4",
            "zstd");
    private static final long FIRST_MS = 1_700_000_000_000L;
    /** Every compression, in each of two partitions. */
    private static final int RECORDS = 2 * COMPRESSIONS.size();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String topic = "java-" + System.nanoTime();
    private final List<TopicPartition> partitions = Arrays.asList(new TopicPartition(topic, 0),
            new TopicPartition(topic, 1));
    private String bootstrap = "";

    @Override
    public String apply(String address) {
        bootstrap = address;
        try (AdminClient admin = AdminClient.create(base())) {
            cluster(admin);
            create(admin);
            settings(admin);
            produce();
            offsets();
            consume("classic", Collections.emptyMap());
            groups(admin);
            if (present("org.apache.kafka.clients.consumer.GroupProtocol") && newProtocolIsStable()) {
                consume("consumer", Collections.singletonMap("group.protocol", "consumer"));
            }
            switchedOff(admin);
            admin.deleteConsumerGroups(Collections.singleton(topic + "-classic")).all().get();
            admin.deleteTopics(Collections.singleton(topic)).all().get();
            return "";
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private void cluster(AdminClient admin) throws InterruptedException, ExecutionException {
        expect(1, admin.describeCluster().nodes().get().size(), "nodes");
        admin.listTopics().names().get();
        if (has(admin, "describeFeatures", 0)) {
            KafkaFuture<?> features = (KafkaFuture<?>) call(call(admin, "describeFeatures"),
                    "featureMetadata");
            features.get();
        }
    }

    private void create(AdminClient admin) throws InterruptedException, ExecutionException {
        NewTopic wanted = new NewTopic(topic, 2, (short) 1);
        wanted.configs(new HashMap<>(Map.of("retention.ms", "-1", "flush.messages",
                Long.toString(Long.MAX_VALUE), "file.delete.delay.ms", "1000")));
        admin.createTopics(Collections.singleton(wanted)).all().get();
        // A broker may say so before its own metadata has caught up.
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!admin.listTopics().names().get().contains(topic)) {
            expect(true, System.nanoTime() < deadline, "topic in time");
        }
        Object result = admin.describeTopics(Collections.singleton(topic));
        KafkaFuture<?> described = (KafkaFuture<?>) call(result,
                has(result, "allTopicNames", 0) ? "allTopicNames" : "all");
        TopicDescription description = (TopicDescription) ((Map<?, ?>) described.get()).get(topic);
        expect(2, description.partitions().size(), "partitions");
        expect(1, description.partitions().get(0).replicas().size(), "replicas");
    }

    private void settings(AdminClient admin) throws InterruptedException, ExecutionException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Config config = admin.describeConfigs(Collections.singleton(resource)).all().get()
                .get(resource);
        expect("-1", config.get("retention.ms").value(), "retention.ms");
        expect("1000", config.get("file.delete.delay.ms").value(), "file.delete.delay.ms");
        Collection<ConfigEntry> entries = config.entries();
        expect(true, entries.size() > 20, "settings of a topic");
        String id = admin.describeCluster().nodes().get().iterator().next().idString();
        ConfigResource node = new ConfigResource(ConfigResource.Type.BROKER, id);
        Config broker = admin.describeConfigs(Collections.singleton(node)).all().get().get(node);
        expect("1", broker.get("default.replication.factor").value(), "default.replication.factor");
    }

    private void produce() throws InterruptedException, ExecutionException {
        long at = FIRST_MS;
        for (String compression : COMPRESSIONS) {
            Map<String, Object> config = base();
            config.put("acks", "all");
            config.put("enable.idempotence", "true");
            config.put("compression.type", compression);
            try (KafkaProducer<String, String> producer = new KafkaProducer<>(config,
                    new StringSerializer(), new StringSerializer())) {
                for (int partition = 0; partition < 2; partition++) {
                    ProducerRecord<String, String> record = new ProducerRecord<>(topic, partition,
                            at, "key", compression + partition);
                    record.headers().add("h", compression.getBytes(StandardCharsets.UTF_8));
                    producer.send(record).get();
                }
            }
            at += 1000;
        }
    }

    private void offsets() {
        Map<String, Object> config = base();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(config,
                new StringDeserializer(), new StringDeserializer())) {
            TopicPartition first = partitions.get(0);
            Map<TopicPartition, OffsetAndTimestamp> found = consumer
                    .offsetsForTimes(Collections.singletonMap(first, FIRST_MS + 1500));
            expect(2L, found.get(first).offset(), "offset for a time");
            expect(FIRST_MS + 2000, found.get(first).timestamp(), "its timestamp");
            expect(null, consumer.offsetsForTimes(
                    Collections.singletonMap(first, FIRST_MS + 99_000)).get(first),
                    "offset for a time after the last");
            expect(0L, consumer.beginningOffsets(partitions).get(first), "beginning");
            expect(5L, consumer.endOffsets(partitions).get(first), "end");
            expect(2, consumer.partitionsFor(topic).size(), "partitions");
        }
    }

    /** Two members after one another: the second goes on where the first has committed. */
    private void consume(String kind, Map<String, String> more) {
        String group = topic + "-" + kind;
        Set<String> seen = new TreeSet<>(read(group, 6, more));
        seen.addAll(read(group, RECORDS - 6, more));
        expect(RECORDS, seen.size(), "distinct records of " + kind + " group, " + seen);
    }

    private List<String> read(String group, int count, Map<String, String> more) {
        Map<String, Object> config = base();
        config.putAll(more);
        config.put("group.id", group);
        config.put("auto.offset.reset", "earliest");
        config.put("enable.auto.commit", "false");
        config.put("max.poll.records", "1");
        List<String> values = new ArrayList<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(config,
                new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(Collections.singleton(topic));
            Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
            while (values.size() < count) {
                expect(true, System.nanoTime() < deadline, "only " + values + " in time");
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    expect(record.value().substring(0, record.value().length() - 1),
                            new String(record.headers().lastHeader("h").value(),
                                    StandardCharsets.UTF_8),
                            "header");
                    values.add(record.value());
                    next.put(new TopicPartition(record.topic(), record.partition()),
                            new OffsetAndMetadata(record.offset() + 1, "note"));
                }
            }
            consumer.commitSync(next);
        }
        return values;
    }

    private void groups(AdminClient admin) throws InterruptedException, ExecutionException {
        String group = topic + "-classic";
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata().get();
        for (TopicPartition partition : partitions) {
            expect(5L, committed.get(partition).offset(), "committed offset of " + partition);
            expect("note", committed.get(partition).metadata(), "its note");
        }
        expect(true, admin.listConsumerGroups().all().get().stream()
                .anyMatch(listing -> listing.groupId().equals(group)), "group is listed");
        ConsumerGroupDescription description = admin
                .describeConsumerGroups(Collections.singleton(group)).all().get().get(group);
        expect("Empty", String.valueOf(call(description, has(description, "groupState", 0)
                ? "groupState"
                : "state")), "state of the group");
        expect(0, description.members().size(), "members");
    }

    /** Disabled features are answered at once, as by a Kafka without them. */
    private void switchedOff(AdminClient admin) throws InterruptedException, ExecutionException {
        try {
            admin.describeAcls(AclBindingFilter.ANY).values().get();
            throw new IllegalStateException("ACLs without an authorizer");
        } catch (ExecutionException e) {
            expect(SecurityDisabledException.class, e.getCause().getClass(), "describeAcls");
        }
        if (has(admin, "describeUserScramCredentials", 0)) {
            expect(Collections.emptyList(),
                    ((KafkaFuture<?>) call(call(admin, "describeUserScramCredentials"), "users"))
                            .get(),
                    "SCRAM users");
        }
        transactional();
    }

    private void transactional() {
        Map<String, Object> config = base();
        config.put("transactional.id", topic);
        config.put("max.block.ms", "30000");
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(config,
                new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.abortTransaction();
        }
    }

    private Map<String, Object> base() {
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", bootstrap);
        return config;
    }

    /** The consumer protocol is a preview before 4.0. */
    private static boolean newProtocolIsStable() {
        return !has(AdminClient.class, "alterConfigs", 1);
    }

    private static boolean present(String name) {
        try {
            Class.forName(name);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static boolean has(Object target, String method, int parameters) {
        return has(target.getClass(), method, parameters);
    }

    private static boolean has(Class<?> type, String method, int parameters) {
        return Arrays.stream(type.getMethods()).anyMatch(candidate -> candidate.getName()
                .equals(method) && candidate.getParameterCount() == parameters);
    }

    private static Object call(Object target, String name) {
        try {
            Method method = target.getClass().getMethod(name);
            method.setAccessible(true);
            return method.invoke(target);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(name, e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(name, e);
        }
    }

    private static void expect(Object expected, Object seen, String what) {
        if (expected == null ? seen != null : !expected.equals(seen)) {
            throw new IllegalStateException(what + ": expected " + expected + ", got " + seen);
        }
    }
}
