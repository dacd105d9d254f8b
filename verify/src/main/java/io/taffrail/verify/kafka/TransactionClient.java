package io.taffrail.verify.kafka;

import io.taffrail.verify.history.Action;
import io.taffrail.verify.history.Recorder;
import io.taffrail.verify.load.LoadSettings;
import io.taffrail.verify.load.LoadThread;
import io.taffrail.verify.load.Pace;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * A thread with one transactional id. Each transaction appends to several partitions and reads
 * others; some are aborted. From time to time it leaves a transaction open, starts another
 * producer with the same id, and lets the fenced producer try to send and commit.
 */
final class TransactionClient extends LoadThread {

    /** Mean number of messages of a transaction. */
    static final double MEAN_MESSAGES = 3.5;

    private static final int MOST_MESSAGES = 6;
    private static final double ABORTS = 0.2;
    /** A session has from this many transactions to twice as many. */
    private static final int LEAST_TRANSACTIONS = 20;
    private static final long AFTER_FAILURE_NS = 20_000_000;

    private final String id;
    private final KafkaClients clients;
    private final List<TopicPartition> partitions;
    private final LoadSettings settings;
    private final Recorder recorder;
    private final AtomicInteger numbers;
    private final Random random;
    private final Pace pace;
    private final Map<TopicPartition, Long> positions = new HashMap<>();

    /**
     * Creates a client.
     *
     * @param id
     *            transactional id, and name of the reader
     * @param numbers
     *            source of producer numbers; each session takes one
     */
    TransactionClient(String id, KafkaClients clients, List<TopicPartition> partitions,
            LoadSettings settings, Recorder recorder, AtomicInteger numbers, Random random,
            Pace pace) {
        super("kafka " + id);
        this.id = id;
        this.clients = clients;
        this.partitions = partitions;
        this.settings = settings;
        this.recorder = recorder;
        this.numbers = numbers;
        this.random = random;
        this.pace = pace;
    }

    @Override
    protected void run() {
        while (!isFinishing()) {
            try (KafkaConsumer<byte[], byte[]> reader = clients.committedReader(id)) {
                reader.assign(partitions);
                partitions.forEach(partition -> reader.seek(partition,
                        positions.getOrDefault(partition, 0L)));
                sessions(reader);
            } catch (KafkaException e) {
                // The session is unusable: the broker does not respond, or the run was aborted.
                LockSupport.parkNanos(AFTER_FAILURE_NS);
            }
        }
    }

    private void sessions(KafkaConsumer<byte[], byte[]> reader) {
        TransactionSession session = session();
        try {
            while (!isFinishing()) {
                int count = LEAST_TRANSACTIONS + random.nextInt(LEAST_TRANSACTIONS);
                for (int i = 0; i < count && !isFinishing(); i++) {
                    pace.await();
                    transaction(session, reader);
                }
                if (!isFinishing()) {
                    session = replace(session);
                }
            }
        } finally {
            session.close();
        }
    }

    private TransactionSession session() {
        return new TransactionSession(clients, id, numbers, recorder, settings.sizeBytes());
    }

    private void transaction(TransactionSession session, KafkaConsumer<byte[], byte[]> reader) {
        session.begin();
        append(session);
        reader.poll(Duration.ZERO).forEach(found -> read(session, found));
        if (random.nextDouble() < ABORTS) {
            session.abort();
        } else {
            session.commit(false);
        }
    }

    private void append(TransactionSession session) {
        int messages = 1 + random.nextInt(MOST_MESSAGES);
        for (int i = 0; i < messages; i++) {
            session.send(partitions.get(random.nextInt(partitions.size())), "");
        }
    }

    private void read(TransactionSession session, ConsumerRecord<byte[], byte[]> found) {
        TopicPartition partition = new TopicPartition(found.topic(), found.partition());
        recorder.record(KafkaMember.reading(id, Action.READ,
                KafkaClients.transactionalPlace(partition), found)
                .transaction(session.current()));
        positions.put(partition, found.offset() + 1);
    }

    /** Fences a session that has a transaction open, and lets it go on for a while. */
    private TransactionSession replace(TransactionSession old) {
        try (old) {
            old.begin();
            append(old);
            TransactionSession next = session();
            try {
                append(old);
                old.commit(true);
            } catch (KafkaException e) {
                // Expected: the session is fenced. A commit that succeeds is in the history.
                LockSupport.parkNanos(1);
            }
            return next;
        }
    }
}
