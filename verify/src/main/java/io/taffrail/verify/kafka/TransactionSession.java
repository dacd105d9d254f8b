package io.taffrail.verify.kafka;

import io.taffrail.verify.history.Action;
import io.taffrail.verify.history.Event;
import io.taffrail.verify.history.Phase;
import io.taffrail.verify.history.Recorder;
import io.taffrail.verify.history.Value;
import io.taffrail.verify.load.Payload;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * One transactional producer that records its transactions, one at a time. For a single thread.
 * Its methods throw a KafkaException when the client can no longer be used; the transaction's
 * outcome is in the history by then.
 */
final class TransactionSession implements AutoCloseable {

    private final KafkaProducer<byte[], byte[]> producer;
    private final String transactionalId;
    private final int number;
    private final String process;
    private final Recorder recorder;
    private final int sizeBytes;
    private final AtomicReference<@Nullable Exception> sendFailure = new AtomicReference<>();
    private long messages;
    private long transactions;
    private long current = Value.NONE;

    /** Connects, which aborts the transaction of an earlier session and fences it. */
    TransactionSession(KafkaClients clients, String transactionalId, AtomicInteger numbers,
            Recorder recorder, int sizeBytes) {
        this.transactionalId = transactionalId;
        this.number = numbers.getAndIncrement();
        this.process = "producer-" + number;
        this.recorder = recorder;
        this.sizeBytes = sizeBytes;
        this.producer = clients.transactional(transactionalId);
        boolean ready = false;
        try {
            producer.initTransactions();
            ready = true;
        } finally {
            if (!ready) {
                close();
            }
        }
    }

    void begin() {
        current = Value.of(number, transactions++);
        sendFailure.set(null);
        recorder.record(event(Action.TXN_BEGIN, Phase.INVOKE).note(transactionalId));
        producer.beginTransaction();
    }

    /** Returns the transaction in progress. */
    long current() {
        return current;
    }

    /** Sends a message; {@code content} has no blanks, and is its note in the history. */
    void send(TopicPartition partition, String content) {
        String place = KafkaClients.transactionalPlace(partition);
        long value = Value.of(number, messages++);
        Event event = Event.of(process, Action.SEND, Phase.INVOKE, place).value(value)
                .transaction(current);
        recorder.record(event.note(content));
        byte[] payload = Payload.encode(value, content.isEmpty() ? place : place + " " + content,
                sizeBytes);
        var _ = producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), null,
                payload), (metadata, failure) -> {
                    Event ended = Event.of(process, Action.SEND, Phase.OK, place).value(value)
                            .transaction(event.transaction());
                    if (failure == null) {
                        recorder.record(ended.offset(metadata.offset()));
                    } else {
                        sendFailure.compareAndSet(null, failure);
                    }
                });
    }

    void sendOffsets(Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
        producer.sendOffsetsToTransaction(offsets, group);
    }

    /**
     * Commits. A commit that is not requested, because a message was refused, is an abort.
     * After an error its outcome is unknown, unless {@code fenced} says that a later session
     * had aborted the transaction before.
     *
     * @return whether the commit was confirmed
     */
    boolean commit(boolean fenced) {
        producer.flush();
        if (sendFailure.get() != null && !fenced) {
            abort();
            return false;
        }
        recorder.record(event(Action.TXN_COMMIT, Phase.INVOKE));
        try {
            producer.commitTransaction();
        } catch (KafkaException e) {
            recorder.record(event(Action.TXN_COMMIT, fenced ? Phase.FAIL : Phase.UNKNOWN)
                    .note(e.toString()));
            throw e;
        }
        recorder.record(event(Action.TXN_COMMIT, Phase.OK));
        return true;
    }

    void abort() {
        recorder.record(event(Action.TXN_ABORT, Phase.INVOKE));
        producer.abortTransaction();
        recorder.record(event(Action.TXN_ABORT, Phase.OK));
    }

    private Event event(Action action, Phase phase) {
        return Event.of(process, action, phase, "").transaction(current);
    }

    /** Drops the connection; a transaction in progress stays open. */
    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
