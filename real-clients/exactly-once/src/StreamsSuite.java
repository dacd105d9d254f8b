import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Kafka Streams with exactly_once_v2 while its broker and its instances are killed.
 * With read_committed, the counts of each word must be 1, 2, 3 and so on, each once and in order,
 * up to the number of times that the word was sent. Arguments: work directory, kills,
 * and optionally another guarantee than exactly_once_v2.
 */
public final class StreamsSuite {

    private static final int PARTITIONS = 3;
    private static final int WORDS = 200;
    private static final int WORDS_IN_LINE = 8;
    private static final int LINES_PER_S = 100;
    private static final int UPDATES_BETWEEN_KILLS = 1000;
    /** The words wait for their counts, so that a slow machine has less work. */
    private static final int MOST_AHEAD = 2000;
    private static final long LIMIT_S = 540;

    private final Path work;
    private final String guarantee;
    private final Map<String, Long> reference = new TreeMap<>();
    private final Map<String, Long> counts = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private final AtomicBoolean finishing = new AtomicBoolean();
    private final AtomicReference<Exception> sendFailure = new AtomicReference<>();

    private StreamsSuite(Path work, String guarantee) {
        this.work = work;
        this.guarantee = guarantee;
    }

    public static void main(String[] args) throws Exception {
        Path work = Files.createDirectories(Path.of(args[0]));
        try {
            System.out.println("ok streams/word-count " + new StreamsSuite(work,
                    args.length > 2 ? args[2] : "exactly_once_v2").run(Integer.parseInt(args[1])));
            System.exit(0);
        } catch (IllegalStateException e) {
            System.out.println("FAIL streams/word-count "
                    + String.valueOf(e.getMessage()).replace('\n', ' '));
            System.exit(1);
        }
    }

    private String run(int kills) throws Exception {
        long deadlineNs = Committed.deadlineNs(LIMIT_S);
        try (Broker broker = Broker.start(work)) {
            broker.createTopic("lines", PARTITIONS);
            broker.createTopic("counts", PARTITIONS);
            List<Child> instances = List.of(instance(broker, 0), instance(broker, 1));
            for (Child instance : instances) {
                instance.start();
            }
            try (Committed<Long> reader = new Committed<>(broker.bootstrap(), "counts", PARTITIONS,
                    LongDeserializer.class, this::count)) {
                Thread sender = new Thread(() -> send(broker.bootstrap(), reader), "lines");
                sender.setDaemon(true);
                sender.start();
                int instanceKills = killInTurn(broker, instances, reader, kills, deadlineNs);
                finishing.set(true);
                sender.join();
                if (sendFailure.get() != null) {
                    throw new IllegalStateException("a line was not acknowledged", sendFailure.get());
                }
                boolean complete = reader.readUntil(deadlineNs, () -> counts.equals(reference));
                try (KafkaConsumer<byte[], byte[]> uncommitted = uncommitted(broker.bootstrap())) {
                    reader.readToEnd(uncommitted, deadlineNs);
                }
                check(complete, reader);
                return reader.count() + " updates, each once; " + (kills - instanceKills)
                        + " kills of the broker, " + instanceKills + " of an instance";
            } finally {
                instances.forEach(Child::close);
            }
        }
    }

    /** Kills the broker, an instance, the broker, and so on, each when work has been done. */
    private int killInTurn(Broker broker, List<Child> instances, Committed<Long> reader, int kills,
            long deadlineNs) throws Exception {
        int instanceKills = 0;
        reader.readMore(UPDATES_BETWEEN_KILLS, deadlineNs);
        for (int kill = 0; kill < kills; kill++) {
            if (kill % 2 == 0) {
                broker.killAndRestart();
            } else {
                Child instance = instances.get(instanceKills++ % instances.size());
                instance.kill();
                instance.start();
            }
            reader.readMore(UPDATES_BETWEEN_KILLS, deadlineNs);
        }
        return instanceKills;
    }

    private void check(boolean complete, Committed<Long> reader) {
        if (!wrong.isEmpty()) {
            throw new IllegalStateException(wrong.size() + " of " + reader.count()
                    + " updates are wrong, for example " + wrong.subList(0, Math.min(3, wrong.size())));
        }
        if (!complete || !counts.equals(reference)) {
            Map<String, Long> missing = new TreeMap<>(reference);
            missing.entrySet().removeIf(entry -> entry.getValue().equals(counts.get(entry.getKey())));
            throw new IllegalStateException("counts differ from the reference " + missing + ": "
                    + counts);
        }
    }

    private void count(ConsumerRecord<String, Long> update) {
        long before = counts.getOrDefault(update.key(), 0L);
        if (update.value() != before + 1) {
            wrong.add(update.key() + " went from " + before + " to " + update.value() + " at offset "
                    + update.offset() + " of partition " + update.partition());
        }
        counts.put(update.key(), update.value());
    }

    /** Sends lines of random words until told to finish; fills {@link #reference}. */
    private void send(String bootstrap, Committed<Long> reader) {
        Random random = new Random(42);
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("acks", "all");
        settings.put("delivery.timeout.ms", 120_000);
        settings.put("max.block.ms", 120_000);
        settings.put("reconnect.backoff.max.ms", 200);
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(settings,
                new StringSerializer(), new StringSerializer())) {
            for (int sent = 0; !finishing.get(); sent++) {
                while (sent * WORDS_IN_LINE - reader.count() > MOST_AHEAD && !finishing.get()) {
                    TimeUnit.MILLISECONDS.sleep(20);
                }
                StringBuilder line = new StringBuilder();
                for (int i = 0; i < WORDS_IN_LINE; i++) {
                    // Squared, so that some words are frequent.
                    double chance = random.nextDouble();
                    String word = "word-" + (int) (chance * chance * WORDS);
                    reference.merge(word, 1L, Long::sum);
                    line.append(i == 0 ? "" : " ").append(word);
                }
                producer.send(new ProducerRecord<>("lines", line.toString()), (done, failure) -> {
                    if (failure != null) {
                        sendFailure.set(failure);
                    }
                });
                TimeUnit.NANOSECONDS.sleep(1_000_000_000L / LINES_PER_S);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Child instance(Broker broker, int number) throws IOException {
        Path state = Files.createDirectories(work.resolve("state-" + number));
        List<String> command = List.of(Broker.java(), "-Xmx256m", "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "-Dlog4j2.configurationFile=" + System.getenv("KAFKA_LOG4J"),
                "-cp", System.getProperty("java.class.path"), "WordCountApp", broker.bootstrap(),
                "word-count", state.toString(), guarantee, "lines", "counts");
        return new Child(command, Map.of(), work.resolve("instance-" + number + ".log"));
    }

    static KafkaConsumer<byte[], byte[]> uncommitted(String bootstrap) {
        return new KafkaConsumer<>(Map.of("bootstrap.servers", bootstrap,
                "key.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer",
                "value.deserializer", "org.apache.kafka.common.serialization.ByteArrayDeserializer"));
    }
}
