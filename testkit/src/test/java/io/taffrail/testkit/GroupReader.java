package io.taffrail.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.LongDeserializer;

/**
 * A member of a group that commits the records it has read and continues after
 * crashes of the broker.
 */
final class GroupReader implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 120;

    private final KafkaConsumer<byte[], Long> consumer;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<TopicPartition, Long> committed = new HashMap<>();
    private long commits;
    private volatile boolean closing;

    private GroupReader(String bootstrap, String topic) {
        this.consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "group.id", topic, "auto.offset.reset",
                        "earliest", "enable.auto.commit", "false", "reconnect.backoff.max.ms",
                        "100", "default.api.timeout.ms", "5000", "request.timeout.ms", "5000"),
                new ByteArrayDeserializer(), new LongDeserializer());
        consumer.subscribe(List.of(topic));
        this.thread = new Thread(this::run, "group");
    }

    /** Joins the group that is named like the topic. */
    static GroupReader start(String bootstrap, String topic) {
        GroupReader reader = new GroupReader(bootstrap, topic);
        reader.thread.start();
        return reader;
    }

    /** Offsets with an acknowledged commit. */
    Map<TopicPartition, Long> committed() {
        lock.lock();
        try {
            return Map.copyOf(committed);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for another commit. */
    void awaitCommit() throws InterruptedException {
        lock.lock();
        try {
            long before = commits;
            await(() -> commits > before, "a commit");
        } finally {
            lock.unlock();
        }
    }

    /** Waits until every acknowledged record is read and committed. */
    void awaitAll(Acknowledged acknowledged) throws InterruptedException {
        Map<TopicPartition, Long> ends = acknowledged.ends();
        lock.lock();
        try {
            await(() -> ends.entrySet().stream().allMatch(
                    end -> committed.getOrDefault(end.getKey(), 0L) >= end.getValue()),
                    "the group at " + ends);
        } finally {
            lock.unlock();
        }
    }

    private interface Check {
        boolean holds();
    }

    private void await(Check check, String what) throws InterruptedException {
        long leftNs = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!check.holds() && leftNs > 0) {
            leftNs = changed.awaitNanos(leftNs);
        }
        assertThat(check.holds()).as(what + ", committed " + committed).isTrue();
    }

    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!closing) {
                step();
            }
        } catch (WakeupException e) {
            // The test has ended.
        } finally {
            consumer.close();
        }
    }

    private void step() {
        Map<TopicPartition, Long> read = new HashMap<>();
        for (ConsumerRecord<byte[], Long> record : consumer.poll(Duration.ofMillis(200))) {
            read.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
        }
        if (read.isEmpty()) {
            return;
        }
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        read.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset)));
        try {
            consumer.commitSync(offsets);
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            // The broker has crashed or the group rebalances: the records read do not count.
            return;
        }
        lock.lock();
        try {
            committed.putAll(read);
            commits++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
