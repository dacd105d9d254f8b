package io.taffrail.testkit;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.LongSerializer;

/** An idempotent producer that sends rising numbers round robin until it is told to finish. */
final class LoadProducer implements AutoCloseable {

    private static final byte[] KEY = new byte[100];

    private final KafkaProducer<byte[], Long> producer;
    private final List<TopicPartition> partitions;
    private final Acknowledged acknowledged;
    private final Thread thread;
    private volatile boolean finishing;

    private LoadProducer(String bootstrap, List<TopicPartition> partitions,
            Acknowledged acknowledged) {
        this.partitions = partitions;
        this.acknowledged = acknowledged;
        this.producer = new KafkaProducer<>(Map.of("bootstrap.servers", bootstrap, "acks", "all",
                "linger.ms", "1", "buffer.memory", "2097152", "delivery.timeout.ms", "120000",
                "max.block.ms", "120000", "reconnect.backoff.max.ms", "100"),
                new ByteArraySerializer(), new LongSerializer());
        this.thread = new Thread(this::run, "load");
    }

    static LoadProducer start(String bootstrap, List<TopicPartition> partitions,
            Acknowledged acknowledged) {
        LoadProducer load = new LoadProducer(bootstrap, partitions, acknowledged);
        load.thread.start();
        return load;
    }

    /** Ends the load and waits until every record is acknowledged. */
    void finish() throws InterruptedException {
        finishing = true;
        thread.join();
        producer.flush();
    }

    @Override
    public void close() {
        finishing = true;
        thread.interrupt();
        producer.close(Duration.ZERO);
    }

    private void run() {
        try {
            for (long value = 0; !finishing; value++) {
                send(partitions.get((int) (value % partitions.size())), value);
            }
        } catch (InterruptException e) {
            // The test has ended.
            Thread.currentThread().interrupt();
        }
    }

    private void send(TopicPartition partition, long value) {
        var _ = producer.send(
                new ProducerRecord<>(partition.topic(), partition.partition(), KEY, value),
                (metadata, failure) -> {
                    if (failure == null) {
                        acknowledged.add(partition, metadata.offset(), value);
                    } else {
                        acknowledged.failed(failure);
                    }
                });
    }
}
