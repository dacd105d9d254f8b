package io.taffrail.verify.kafka;

import io.taffrail.verify.history.Recorder;
import io.taffrail.verify.load.LoadSettings;
import io.taffrail.verify.load.LoadThread;
import io.taffrail.verify.load.Pace;
import io.taffrail.verify.load.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * The bank workload: requests of transfers in one topic, balances in another; a branch for each
 * producer of the settings, with {@link #TELLERS} tellers that fence each other; readers of all
 * accounts. At the end all requests are served, and both topics are read.
 */
public final class BankWorkload implements Workload {

    private static final int TELLERS = 2;
    private static final long STEP_NS = 50_000_000;

    private final KafkaClients clients;
    private final KafkaControl control;
    private final LoadSettings settings;
    private final Recorder recorder;
    private final LongSupplier nanoClock;
    private final BankTeller.Topics topics;
    private final BankIssuer issuer;
    private final List<LoadThread> tellers = new ArrayList<>();
    private final List<LoadThread> readers = new ArrayList<>();

    /**
     * Creates the workload; connects later.
     *
     * @param numbers
     *            source of producer numbers
     * @param random
     *            source of the clients' seeds
     * @param nanoClock
     *            a monotonic clock in nanoseconds
     */
    public BankWorkload(String bootstrap, LoadSettings settings, Recorder recorder,
            AtomicInteger numbers, Random random, LongSupplier nanoClock) {
        this.clients = new KafkaClients(bootstrap);
        this.control = new KafkaControl(clients, nanoClock);
        this.settings = settings;
        this.recorder = recorder;
        this.nanoClock = nanoClock;
        this.topics = new BankTeller.Topics(
                partitions(settings.name() + "-requests", settings.producers()),
                partitions(settings.name() + "-accounts", settings.partitions()),
                settings.name(), new ConcurrentHashMap<>());
        // A request leads to two records of accounts.
        this.issuer = new BankIssuer(clients, topics, recorder, numbers,
                new Random(random.nextLong()), new Pace(settings.ratePerSecond() / 3.0, nanoClock));
        for (int branch = 0; branch < settings.producers(); branch++) {
            for (int i = 0; i < TELLERS; i++) {
                tellers.add(new BankTeller(clients, topics, branch, recorder, numbers,
                        new Random(random.nextLong()), nanoClock));
            }
        }
        for (int i = 0; i < settings.consumers(); i++) {
            readers.add(
                    new CommittedDataReader("auditor-" + i, clients, topics.accounts(), recorder));
        }
    }

    private static List<TopicPartition> partitions(String topic, int count) {
        return IntStream.range(0, count).mapToObj(number -> new TopicPartition(topic, number))
                .toList();
    }

    @Override
    public void awaitServing(Duration limit) throws InterruptedException {
        control.awaitServing(limit);
    }

    @Override
    public void prepare() throws InterruptedException {
        control.create(settings.name() + "-requests", topics.requests().size());
        control.create(settings.name() + "-accounts", topics.accounts().size());
    }

    @Override
    public void start() {
        readers.forEach(LoadThread::start);
        tellers.forEach(LoadThread::start);
        issuer.start();
    }

    @Override
    public void observe() throws InterruptedException {
        control.recordCommitted(settings.name(), topics.requests(), recorder);
    }

    @Override
    public void finish(Duration limit) throws InterruptedException {
        long deadlineNs = nanoClock.getAsLong() + limit.toNanos();
        issuer.finish();
        issuer.join();
        try (KafkaConsumer<byte[], byte[]> reader = clients.committedReader(settings.name());
                KafkaConsumer<byte[], byte[]> asker = clients.reader()) {
            awaitServed(reader, deadlineNs);
            for (List<LoadThread> threads : List.of(tellers, readers)) {
                threads.forEach(LoadThread::finish);
                for (LoadThread thread : threads) {
                    thread.join();
                }
            }
            observe();
            new KafkaScan("reader", KafkaClients::transactionalPlace, recorder, nanoClock)
                    .run(reader, asker, topics.accounts(), limit);
            new KafkaScan("reader", KafkaClients::place, recorder, nanoClock).run(asker, asker,
                    topics.requests(), limit);
        }
    }

    /** Waits until the group has committed the end of each partition of requests. */
    private void awaitServed(KafkaConsumer<byte[], byte[]> consumer, long deadlineNs)
            throws InterruptedException {
        boolean served = false;
        while (!served && nanoClock.getAsLong() < deadlineNs) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            try {
                var ends = consumer.endOffsets(topics.requests());
                var committed = consumer.committed(Set.copyOf(topics.requests()));
                served = ends.entrySet().stream().allMatch(end -> {
                    OffsetAndMetadata offset = committed.get(end.getKey());
                    return (offset == null ? 0 : offset.offset()) >= end.getValue();
                });
            } catch (KafkaException e) {
                // The broker does not respond; the scan will show it.
                served = false;
            }
            LockSupport.parkNanos(STEP_NS);
        }
    }

    @Override
    public void remove() throws InterruptedException {
        control.remove(List.of(settings.name() + "-requests", settings.name() + "-accounts"),
                List.of(settings.name()));
    }

    @Override
    public void close() {
        issuer.close();
        tellers.forEach(LoadThread::close);
        readers.forEach(LoadThread::close);
    }
}
