package io.taffrail.kafka.client;

import io.taffrail.kafka.client.ClientException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reader of records, alone or as a member of a group. For one thread, except {@link #wake}. */
public final class RecordReader implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RecordReader.class);

    private final Consumer<byte[], byte[]> consumer;
    private final boolean grouped;
    private final Duration timeout;
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> done = new HashMap<>();
    private boolean assigned;

    private RecordReader(Consumer<byte[], byte[]> consumer, boolean grouped, Duration timeout) {
        this.consumer = consumer;
        this.grouped = grouped;
        this.timeout = timeout;
    }

    static RecordReader open(ClientSettings client, ReaderSettings settings) {
        Map<String, Object> more = new HashMap<>();
        more.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        more.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        more.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, reset(settings));
        settings.group().ifPresent(group -> more.put(ConsumerConfig.GROUP_ID_CONFIG, group));
        RecordReader reader = null;
        try {
            KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(client.with(more),
                    new ByteArrayDeserializer(), new ByteArrayDeserializer());
            reader = new RecordReader(consumer, settings.group().isPresent(), client.timeout());
            reader.begin(settings);
            return reader;
        } catch (KafkaException | ClientException e) {
            if (reader != null) {
                reader.close();
            }
            throw Failures.of("read " + String.join(", ", settings.topics()), e);
        }
    }

    private static String reset(ReaderSettings settings) {
        if (settings.group().isEmpty()) {
            return "earliest";
        }
        return switch (settings.start()) {
            case StartPoint.Beginning() -> "earliest";
            case StartPoint.End() -> "latest";
            default -> throw new ClientException(Reason.INVALID,
                    "a group starts at the beginning, at the end, or where it is");
        };
    }

    /**
     * The next records. If there are none, waits for at most {@code wait}; returns an empty list
     * after that time or after {@link #wake}.
     */
    public List<StoredRecord> read(Duration wait) {
        try {
            List<StoredRecord> records = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
                records.add(stored(record));
            }
            return records;
        } catch (WakeupException e) {
            return List.of();
        } catch (KafkaException e) {
            throw Failures.of("read", e);
        }
    }

    /** Whether all records up to the ends of the logs at the start of reading have been read. */
    public boolean atEnd() {
        if (!assigned) {
            return false;
        }
        for (TopicPartition partition : consumer.assignment()) {
            long end = ends.getOrDefault(partition, 0L);
            if (position(partition) < end) {
                return false;
            }
        }
        return true;
    }

    /** Marks these records, and all before them in their partitions, as processed. */
    public void done(Collection<StoredRecord> records) {
        if (grouped) {
            for (StoredRecord record : records) {
                done.merge(record.partition().kafka(), new OffsetAndMetadata(record.offset() + 1),
                        (one, other) -> one.offset() < other.offset() ? other : one);
            }
        }
    }

    /**
     * Commits the records that are {@link #done} in the group. A commit that fails because of a
     * rebalance is repeated by the next commit, or when a partition is revoked. If a partition is
     * lost first, another member reads these records again.
     */
    public void commit() {
        if (done.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(Map.copyOf(done));
            done.clear();
        } catch (RebalanceInProgressException | CommitFailedException e) {
            LOG.debug("commit waits for the rebalance", e);
        } catch (KafkaException e) {
            throw Failures.of("commit", e);
        }
    }

    /** Interrupts a waiting {@link #read}; from any thread. */
    public void wake() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close();
    }

    private void begin(ReaderSettings settings) {
        if (!grouped) {
            List<TopicPartition> partitions = partitions(settings);
            consumer.assign(partitions);
            ends.putAll(consumer.endOffsets(partitions));
            Map<TopicPartition, Long> starts = consumer.beginningOffsets(partitions);
            Map<TopicPartition, OptionalLong> times = times(settings, partitions);
            for (TopicPartition partition : partitions) {
                long start = Offsets.at(starts, partition);
                long end = Offsets.at(ends, partition);
                consumer.seek(partition, Math.clamp(switch (settings.start()) {
                    case StartPoint.Beginning() -> start;
                    case StartPoint.End() -> end;
                    case StartPoint.Offset(long offset) -> offset;
                    case StartPoint.BeforeEnd(long records) -> end - records;
                    case StartPoint.Time ignored -> times
                            .getOrDefault(partition, OptionalLong.empty()).orElse(end);
                }, start, end));
            }
            assigned = true;
            return;
        }
        settings.topics().forEach(this::requireTopic);
        consumer.subscribe(settings.topics(), new ConsumerRebalanceListener() {
            @Override
            public void onPartitionsAssigned(Collection<TopicPartition> added) {
                ends.putAll(consumer.endOffsets(added));
                assigned = true;
            }

            @Override
            public void onPartitionsRevoked(Collection<TopicPartition> removed) {
                commit();
                done.keySet().removeAll(removed);
            }

            @Override
            public void onPartitionsLost(Collection<TopicPartition> lost) {
                done.keySet().removeAll(lost);
            }
        });
    }

    private Map<TopicPartition, OptionalLong> times(ReaderSettings settings,
            List<TopicPartition> partitions) {
        Map<TopicPartition, OptionalLong> found = new HashMap<>();
        if (settings.start() instanceof StartPoint.Time(Instant time)) {
            Map<TopicPartition, Long> asked = new HashMap<>();
            partitions.forEach(partition -> asked.put(partition, time.toEpochMilli()));
            consumer.offsetsForTimes(asked).forEach((partition, offset) -> found.put(partition,
                    offset == null ? OptionalLong.empty() : OptionalLong.of(offset.offset())));
        }
        return found;
    }

    private List<TopicPartition> partitions(ReaderSettings settings) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : settings.topics()) {
            List<Integer> present = requireTopic(topic);
            for (int index : settings.partitions().isEmpty() ? present : settings.partitions()) {
                if (!present.contains(index)) {
                    throw new ClientException(Reason.NOT_FOUND,
                            "no partition " + index + " of " + Failures.topic(topic));
                }
                partitions.add(new TopicPartition(topic, index));
            }
        }
        return partitions;
    }

    private List<Integer> requireTopic(String topic) {
        List<PartitionInfo> partitions = consumer.partitionsFor(topic, timeout);
        if (partitions == null || partitions.isEmpty()) {
            throw new ClientException(Reason.NOT_FOUND, "no " + Failures.topic(topic));
        }
        return partitions.stream().map(PartitionInfo::partition).sorted().toList();
    }

    private long position(TopicPartition partition) {
        try {
            return consumer.position(partition, timeout);
        } catch (KafkaException e) {
            throw Failures.of("read", e);
        }
    }

    private static StoredRecord stored(ConsumerRecord<byte[], byte[]> record) {
        return new StoredRecord(new PartitionRef(record.topic(), record.partition()),
                record.offset(), Instant.ofEpochMilli(record.timestamp()), record.key(),
                record.value(), RecordWriter.headers(record.headers()));
    }
}
