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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/**
 * The workload of transactions: one topic, one client for each transactional id, readers of
 * committed data, and a scan of all partitions at the end.
 */
public final class TransactionWorkload implements Workload {

    private final KafkaClients clients;
    private final KafkaControl control;
    private final LoadSettings settings;
    private final Recorder recorder;
    private final LongSupplier nanoClock;
    private final List<TopicPartition> partitions;
    private final List<LoadThread> writers = new ArrayList<>();
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
    public TransactionWorkload(String bootstrap, LoadSettings settings, Recorder recorder,
            AtomicInteger numbers, Random random, LongSupplier nanoClock) {
        this.clients = new KafkaClients(bootstrap);
        this.control = new KafkaControl(clients, nanoClock);
        this.settings = settings;
        this.recorder = recorder;
        this.nanoClock = nanoClock;
        this.partitions = IntStream.range(0, settings.partitions())
                .mapToObj(number -> new TopicPartition(settings.name(), number)).toList();
        double rate = settings.ratePerSecond() / TransactionClient.MEAN_MESSAGES
                / settings.producers();
        for (int i = 0; i < settings.producers(); i++) {
            writers.add(new TransactionClient(settings.name() + "-" + i, clients, partitions,
                    settings, recorder, numbers, new Random(random.nextLong()),
                    new Pace(rate, nanoClock)));
        }
        for (int i = 0; i < settings.consumers(); i++) {
            readers.add(new CommittedDataReader("consumer-" + i, clients, partitions, recorder));
        }
    }

    @Override
    public void awaitServing(Duration limit) throws InterruptedException {
        control.awaitServing(limit);
    }

    @Override
    public void prepare() throws InterruptedException {
        control.create(settings.name(), settings.partitions());
    }

    @Override
    public void start() {
        readers.forEach(LoadThread::start);
        writers.forEach(LoadThread::start);
    }

    @Override
    public void observe() {
        // No group has offsets here.
    }

    @Override
    public void finish(Duration limit) throws InterruptedException {
        for (List<LoadThread> threads : List.of(writers, readers)) {
            threads.forEach(LoadThread::finish);
            for (LoadThread thread : threads) {
                thread.join();
            }
        }
        try (KafkaConsumer<byte[], byte[]> reader = clients.committedReader(settings.name());
                KafkaConsumer<byte[], byte[]> asker = clients.reader()) {
            new KafkaScan("reader", KafkaClients::transactionalPlace, recorder, nanoClock)
                    .run(reader, asker, partitions, limit);
        }
    }

    @Override
    public void remove() throws InterruptedException {
        control.remove(List.of(settings.name()), List.of());
    }

    @Override
    public void close() {
        writers.forEach(LoadThread::close);
        readers.forEach(LoadThread::close);
    }
}
