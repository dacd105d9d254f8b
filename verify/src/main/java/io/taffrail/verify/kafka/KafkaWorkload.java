package io.taffrail.verify.kafka;

import io.taffrail.verify.history.Recorder;
import io.taffrail.verify.load.LoadSettings;
import io.taffrail.verify.load.Pace;
import io.taffrail.verify.load.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * The Kafka workload: one topic, idempotent producers, one consumer group,
 * and a scan of all partitions at the end.
 */
public final class KafkaWorkload implements Workload {

    private static final long RETRY_NS = 100_000_000;

    private final KafkaClients clients;
    private final KafkaControl control;
    private final LoadSettings settings;
    private final Recorder recorder;
    private final LongSupplier nanoClock;
    private final List<TopicPartition> partitions;
    private final Map<TopicPartition, Long> committed = KafkaMember.noCommits();
    private final List<KafkaSender> senders = new ArrayList<>();
    private final List<KafkaMember> members = new ArrayList<>();

    /**
     * Creates the workload; connects later.
     *
     * @param numbers
     *            source of producer numbers, shared by all workloads of a history
     * @param nanoClock
     *            a monotonic clock in nanoseconds
     */
    public KafkaWorkload(String bootstrap, LoadSettings settings, Recorder recorder,
            AtomicInteger numbers, LongSupplier nanoClock) {
        this.clients = new KafkaClients(bootstrap);
        this.control = new KafkaControl(clients, nanoClock);
        this.settings = settings;
        this.recorder = recorder;
        this.nanoClock = nanoClock;
        this.partitions = IntStream.range(0, settings.partitions())
                .mapToObj(number -> new TopicPartition(settings.name(), number)).toList();
        double rate = (double) settings.ratePerSecond() / settings.producers();
        for (int i = 0; i < settings.producers(); i++) {
            senders.add(new KafkaSender(clients, partitions, settings, recorder, numbers,
                    new Pace(rate, nanoClock)));
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
        for (int i = 0; i < settings.consumers(); i++) {
            members.add(new KafkaMember("consumer-" + i, clients, settings.name(), committed,
                    recorder, nanoClock));
        }
        members.forEach(KafkaMember::start);
        senders.forEach(KafkaSender::start);
    }

    @Override
    public void observe() throws InterruptedException {
        control.recordCommitted(settings.name(), partitions, recorder);
    }

    @Override
    public void finish(Duration limit) throws InterruptedException {
        long deadlineNs = nanoClock.getAsLong() + limit.toNanos();
        senders.forEach(sender -> sender.finish(limit));
        for (KafkaSender sender : senders) {
            sender.join();
        }
        try (KafkaConsumer<byte[], byte[]> reader = clients.reader()) {
            awaitGroup(ends(reader), deadlineNs);
            members.forEach(KafkaMember::finish);
            for (KafkaMember member : members) {
                member.join();
            }
            observe();
            new KafkaScan("reader", KafkaClients::place, recorder, nanoClock).run(reader, reader,
                    partitions, limit);
        }
    }

    private Map<TopicPartition, Long> ends(KafkaConsumer<byte[], byte[]> reader) {
        try {
            return reader.endOffsets(partitions);
        } catch (KafkaException e) {
            return new HashMap<>();
        }
    }

    /** Waits until the group has committed the end of each partition. */
    private void awaitGroup(Map<TopicPartition, Long> ends, long deadlineNs)
            throws InterruptedException {
        while (nanoClock.getAsLong() < deadlineNs && !ends.entrySet().stream().allMatch(
                end -> committed.getOrDefault(end.getKey(), 0L).equals(end.getValue()))) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.parkNanos(RETRY_NS / 2);
        }
    }

    @Override
    public void remove() throws InterruptedException {
        control.remove(List.of(settings.name()), List.of(settings.name()));
    }

    @Override
    public void close() {
        senders.forEach(KafkaSender::close);
        members.forEach(KafkaMember::close);
    }
}
