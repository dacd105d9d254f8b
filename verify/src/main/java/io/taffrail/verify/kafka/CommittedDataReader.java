package io.taffrail.verify.kafka;

import io.taffrail.verify.history.Action;
import io.taffrail.verify.history.Recorder;
import io.taffrail.verify.load.LoadThread;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;

/**
 * A thread that reads partitions of transactions from their beginning, with read_committed.
 * If its client fails fatally, a new one continues at the same offsets.
 */
final class CommittedDataReader extends LoadThread {

    private static final Duration POLL = Duration.ofMillis(50);
    private static final long AFTER_FAILURE_NS = 10_000_000;

    private final String name;
    private final KafkaClients clients;
    private final List<TopicPartition> partitions;
    private final Recorder recorder;
    private final Map<TopicPartition, Long> positions = new HashMap<>();

    CommittedDataReader(String name, KafkaClients clients, List<TopicPartition> partitions,
            Recorder recorder) {
        super("kafka " + name);
        this.name = name;
        this.clients = clients;
        this.partitions = partitions;
        this.recorder = recorder;
    }

    @Override
    protected void run() {
        while (!isFinishing()) {
            try (KafkaConsumer<byte[], byte[]> consumer = clients.committedReader(name)) {
                assign(consumer);
                while (!isFinishing()) {
                    poll(consumer);
                }
            } catch (KafkaException e) {
                // The broker does not respond, or the run was aborted.
                LockSupport.parkNanos(AFTER_FAILURE_NS);
            }
        }
    }

    private void assign(KafkaConsumer<byte[], byte[]> consumer) {
        consumer.assign(partitions);
        for (TopicPartition partition : partitions) {
            consumer.seek(partition, positions.getOrDefault(partition, 0L));
        }
    }

    private void poll(KafkaConsumer<byte[], byte[]> consumer) {
        try {
            for (ConsumerRecord<byte[], byte[]> found : consumer.poll(POLL)) {
                TopicPartition partition = new TopicPartition(found.topic(), found.partition());
                recorder.record(KafkaMember.reading(name, Action.READ,
                        KafkaClients.transactionalPlace(partition), found));
                positions.put(partition, found.offset() + 1);
            }
        } catch (RetriableException e) {
            LockSupport.parkNanos(AFTER_FAILURE_NS);
        }
    }
}
