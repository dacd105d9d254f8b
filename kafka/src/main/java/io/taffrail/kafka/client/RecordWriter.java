package io.taffrail.kafka.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writer of records. If a record could not be written, the next call of any method fails, and so
 * do all later calls except {@link #close}. {@link #close} waits for unacknowledged records.
 */
public final class RecordWriter implements AutoCloseable {

    /**
     * Callback for every acknowledged record. It runs on the writer's own thread, in order within a
     * partition.
     */
    @FunctionalInterface
    public interface Listener {
        /** Called after an acknowledgement; the offset is -1 with acks=0. */
        void stored(NewRecord record, PartitionRef partition, long offset);
    }

    private final KafkaProducer<byte[], byte[]> producer;
    private final Listener listener;
    private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    private boolean reported;

    private RecordWriter(KafkaProducer<byte[], byte[]> producer, Listener listener) {
        this.producer = producer;
        this.listener = listener;
    }

    static RecordWriter open(ClientSettings client, WriterSettings settings, Listener listener) {
        Map<String, Object> config = client.with(Map.of(
                ProducerConfig.ACKS_CONFIG, settings.acks(),
                ProducerConfig.COMPRESSION_TYPE_CONFIG, settings.compression(),
                ProducerConfig.LINGER_MS_CONFIG, settings.linger().toMillis(),
                ProducerConfig.MAX_BLOCK_MS_CONFIG, client.timeoutMs(),
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                Math.toIntExact(client.timeoutMs() + settings.linger().toMillis())));
        config.remove("default.api.timeout.ms");
        try {
            return new RecordWriter(new KafkaProducer<>(config, new ByteArraySerializer(),
                    new ByteArraySerializer()), listener);
        } catch (KafkaException e) {
            throw Failures.of("writer", e);
        }
    }

    /** Queues a record for sending; blocks while the writer's buffer is full. */
    public void write(NewRecord record) {
        throwFailure();
        Long timestamp = record.timestamp() == null ? null : record.timestamp().toEpochMilli();
        ProducerRecord<byte[], byte[]> sent = new ProducerRecord<>(record.topic(),
                record.partition(), timestamp, record.key(), record.value(), headers(record));
        try {
            Future<RecordMetadata> _ = producer.send(sent, (metadata, failed) -> {
                if (failed == null) {
                    stored(record, metadata);
                } else {
                    failure.compareAndSet(null,
                            Failures.of("write to " + record.topic(), failed));
                }
            });
        } catch (KafkaException e) {
            throw Failures.of("write to " + record.topic(), e);
        }
    }

    /** Waits until all queued records are acknowledged. */
    public void flush() {
        producer.flush();
        throwFailure();
    }

    @Override
    public void close() {
        producer.close();
        if (!reported) {
            throwFailure();
        }
    }

    /**
     * Calls the listener. A failure of the listener counts as a failed write, so that it is
     * reported.
     */
    private void stored(NewRecord record, RecordMetadata metadata) {
        try {
            listener.stored(record, new PartitionRef(metadata.topic(), metadata.partition()),
                    metadata.hasOffset() ? metadata.offset() : -1);
        } catch (RuntimeException e) {
            failure.compareAndSet(null, e);
        }
    }

    private void throwFailure() {
        RuntimeException failed = failure.get();
        if (failed != null) {
            reported = true;
            throw failed;
        }
    }

    private static List<org.apache.kafka.common.header.Header> headers(NewRecord record) {
        List<org.apache.kafka.common.header.Header> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(new RecordHeader(header.name(), header.value()));
        }
        return headers;
    }

    static List<Header> headers(Headers headers) {
        List<Header> all = new ArrayList<>();
        headers.forEach(header -> all.add(new Header(header.key(), header.value())));
        return List.copyOf(all);
    }
}
