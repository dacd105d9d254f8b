package io.taffrail.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The acknowledged values with their partitions and offsets. Thread-safe. */
final class Acknowledged {

    private static final int PATIENCE_SECONDS = 120;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<TopicPartition, Map<Long, Long>> valuesByOffset = new LinkedHashMap<>();
    private final List<Exception> failures = new ArrayList<>();
    private int count;

    void add(TopicPartition partition, long offset, long value) {
        lock.lock();
        try {
            Long before = valuesByOffset.computeIfAbsent(partition, _ -> new LinkedHashMap<>())
                    .put(offset, value);
            if (before != null) {
                failures.add(new IllegalStateException("offset " + offset + " of " + partition
                        + " was given to " + before + " and to " + value));
            }
            count++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void failed(Exception failure) {
        lock.lock();
        try {
            failures.add(failure);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    int count() {
        lock.lock();
        try {
            return count;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until {@code wanted} values are acknowledged. */
    void await(int wanted) throws InterruptedException {
        long leftNs = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        lock.lock();
        try {
            while (count < wanted && failures.isEmpty() && leftNs > 0) {
                leftNs = changed.awaitNanos(leftNs);
            }
            assertThat(failures).isEmpty();
            assertThat(count).as("acknowledged in time").isGreaterThanOrEqualTo(wanted);
        } finally {
            lock.unlock();
        }
    }

    /** The offsets behind the last acknowledged ones. */
    Map<TopicPartition, Long> ends() {
        lock.lock();
        try {
            Map<TopicPartition, Long> ends = new LinkedHashMap<>();
            valuesByOffset.forEach((partition, values) -> ends.put(partition,
                    values.keySet().stream().mapToLong(Long::longValue).max().orElse(-1) + 1));
            return ends;
        } finally {
            lock.unlock();
        }
    }

    void assertStoredIn(StoredValues stored) {
        lock.lock();
        try {
            assertThat(failures).isEmpty();
            valuesByOffset.forEach((partition, values) -> values.forEach((offset, value) -> {
                @Nullable
                Long found = stored.at(partition, offset);
                assertThat(found).as("value at offset " + offset + " of " + partition)
                        .isEqualTo(value);
            }));
        } finally {
            lock.unlock();
        }
    }
}
