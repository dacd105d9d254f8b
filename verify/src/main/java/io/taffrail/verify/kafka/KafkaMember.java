package io.taffrail.verify.kafka;

import io.taffrail.verify.history.Action;
import io.taffrail.verify.history.Event;
import io.taffrail.verify.history.Phase;
import io.taffrail.verify.history.Recorder;
import io.taffrail.verify.load.LoadThread;
import io.taffrail.verify.load.Payload;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/**
 * A thread with one member of a consumer group. It reads, and commits its position five times
 * a second. If its client fails fatally, it continues with a new one.
 */
final class KafkaMember extends LoadThread {

    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration COMMIT_EVERY = Duration.ofMillis(200);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);
    private static final long AFTER_FAILURE_NS = 10_000_000;

    private final String name;
    private final String group;
    private final String topic;
    private final KafkaClients clients;
    private final Recorder recorder;
    private final LongSupplier nanoClock;
    /** The latest offsets committed by any member. */
    private final Map<TopicPartition, Long> committed;

    /**
     * Creates a member.
     *
     * @param group
     *            the group; its name is also the topic's
     * @param committed
     *            latest committed offsets, shared by all members
     */
    KafkaMember(String name, KafkaClients clients, String group,
            Map<TopicPartition, Long> committed, Recorder recorder, LongSupplier nanoClock) {
        super("kafka " + name);
        this.name = name;
        this.clients = clients;
        this.group = group;
        this.topic = group;
        this.committed = committed;
        this.recorder = recorder;
        this.nanoClock = nanoClock;
    }

    /** Returns an empty map for {@link #KafkaMember}. */
    static Map<TopicPartition, Long> noCommits() {
        return new ConcurrentHashMap<>();
    }

    @Override
    protected void run() {
        for (int session = 0; !isFinishing(); session++) {
            try (KafkaConsumer<byte[], byte[]> consumer = clients.member(group)) {
                new Session(name + "#" + session, consumer).readUntilItBreaks();
                consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
            } catch (KafkaException e) {
                // The broker does not respond, or the run was aborted.
                LockSupport.parkNanos(AFTER_FAILURE_NS);
            }
        }
    }

    /** Returns the history event of a record that was read. */
    static Event reading(String process, Action action, String place,
            ConsumerRecord<byte[], byte[]> found) {
        byte[] bytes = found.value() == null ? new byte[0] : found.value();
        long value = Payload.decode(bytes, place);
        Event event = Event.of(process, action, Phase.OK, place).offset(found.offset());
        return value < 0 ? event.note(Payload.shown(bytes)) : event.value(value);
    }

    /** One client. */
    private final class Session implements ConsumerRebalanceListener {

        private final String process;
        private final KafkaConsumer<byte[], byte[]> consumer;
        /** Positions in the partitions that this member owns. */
        private final Map<TopicPartition, Long> positions = new HashMap<>();

        Session(String process, KafkaConsumer<byte[], byte[]> consumer) {
            this.process = process;
            this.consumer = consumer;
        }

        void readUntilItBreaks() {
            consumer.subscribe(List.of(topic), this);
            long commitNs = nanoClock.getAsLong();
            while (!isFinishing()) {
                try {
                    consumer.poll(POLL).forEach(this::read);
                    long nowNs = nanoClock.getAsLong();
                    if (nowNs - commitNs >= COMMIT_EVERY.toNanos()) {
                        commitNs = nowNs;
                        commit();
                    }
                } catch (RetriableException e) {
                    LockSupport.parkNanos(AFTER_FAILURE_NS);
                } catch (KafkaException e) {
                    recorder.record(Event.of(process, Action.READ, Phase.FAIL, "")
                            .note(e.toString()));
                    return;
                }
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // A later commit by this member would overwrite the next owner's commits.
            positions.keySet().removeAll(partitions);
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            positions.keySet().removeAll(partitions);
        }

        private void read(ConsumerRecord<byte[], byte[]> found) {
            TopicPartition partition = new TopicPartition(found.topic(), found.partition());
            String place = KafkaClients.place(partition);
            recorder.record(reading(process, Action.READ, place, found));
            positions.put(partition, found.offset() + 1);
        }

        private void commit() {
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            positions.forEach((partition, offset) -> {
                if (!offset.equals(committed.get(partition))) {
                    offsets.put(partition, new OffsetAndMetadata(offset));
                    recorder.record(commit(partition, offset, Phase.INVOKE));
                }
            });
            if (!offsets.isEmpty()) {
                consumer.commitAsync(offsets, (_, failure) -> ended(offsets, failure));
            }
        }

        private void ended(Map<TopicPartition, OffsetAndMetadata> offsets,
                @Nullable Exception failure) {
            offsets.forEach((partition, offset) -> {
                recorder.record(commit(partition, offset.offset(),
                        failure == null ? Phase.OK : Phase.UNKNOWN));
                if (failure == null) {
                    committed.put(partition, offset.offset());
                }
            });
        }

        private Event commit(TopicPartition partition, long offset, Phase phase) {
            return Event.of(process, Action.COMMIT, phase, KafkaClients.place(partition))
                    .offset(offset).note(group);
        }
    }
}
