import java.time.Duration;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Reads a topic from its beginning with read_committed. For a single thread, except the count. */
final class Committed<V> implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<String, V> consumer;
    private final List<TopicPartition> partitions;
    private final Consumer<ConsumerRecord<String, V>> sink;
    private volatile long count;

    /** {@code sink} receives each record, in the order of each partition. */
    Committed(String bootstrap, String topic, int partitionCount, Class<?> valueDeserializer,
            Consumer<ConsumerRecord<String, V>> sink) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("isolation.level", "read_committed");
        settings.put("auto.offset.reset", "earliest");
        settings.put("enable.auto.commit", "false");
        settings.put("reconnect.backoff.max.ms", 200);
        settings.put("key.deserializer", "org.apache.kafka.common.serialization.StringDeserializer");
        settings.put("value.deserializer", valueDeserializer);
        this.consumer = new KafkaConsumer<>(settings);
        this.partitions = new ArrayList<>(IntStream.range(0, partitionCount)
                .mapToObj(partition -> new TopicPartition(topic, partition)).toList());
        this.sink = sink;
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Reads until {@code done} or the deadline of the monotonic clock; returns whether done. */
    boolean readUntil(long deadlineNs, BooleanSupplier done) {
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > deadlineNs) {
                return false;
            }
            consumer.poll(POLL).forEach(found -> {
                count++;
                sink.accept(found);
            });
        }
        return true;
    }

    /** Reads at least {@code more} records. */
    void readMore(long more, long deadlineNs) {
        long wanted = count + more;
        if (!readUntil(deadlineNs, () -> count >= wanted)) {
            throw new IllegalStateException("only " + count + " of " + wanted
                    + " committed records appeared in time");
        }
        System.err.println(LocalTime.now() + "  " + count + " committed records");
    }

    /**
     * Reads until no open transaction and no unread record is left.
     * The ends are Kafka's high watermarks, because a consumer that reads uncommitted data asks.
     */
    void readToEnd(KafkaConsumer<?, ?> uncommitted, long deadlineNs) {
        Map<TopicPartition, Long> ends = uncommitted.endOffsets(partitions);
        boolean done = readUntil(deadlineNs, () -> ends.entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue()));
        if (!done) {
            throw new IllegalStateException("a transaction stays open: the last stable offsets are "
                    + consumer.endOffsets(partitions) + ", the ends " + ends);
        }
    }

    /** Returns the number of records read; on any thread. */
    long count() {
        return count;
    }

    static long deadlineNs(long seconds) {
        return System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
