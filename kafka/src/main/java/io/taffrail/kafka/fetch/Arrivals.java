package io.taffrail.kafka.fetch;

import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.topic.TopicListener;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.WritableLog;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Wakes fetches that wait for records. A log is listened to from the first time a fetch waits for
 * it until its topic is deleted. Safe for any thread.
 */
final class Arrivals implements TopicListener {

    /** Something that waits; called on any thread, often without cause. */
    interface Waiter {

        /** From {@link Arrivals#nextNumber}; those that wait for a log are woken in this order. */
        long number();

        void wake();
    }

    private final Map<WritableLog, Watched> logs = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    /** The number of another waiter. */
    long nextNumber() {
        return numbers.getAndIncrement();
    }

    /** Wakes {@code waiter} for what becomes readable after this call, until {@link #remove}. */
    void add(Partition partition, Waiter waiter) {
        Watched watched = logs.get(partition.log());
        if (watched == null) {
            watched = logs.computeIfAbsent(partition.log(), _ -> new Watched());
        }
        watched.waiters.add(waiter);
        if (!watched.listening) {
            listen(partition, watched);
        }
    }

    void remove(Partition partition, Waiter waiter) {
        Watched watched = logs.get(partition.log());
        if (watched != null) {
            watched.waiters.remove(waiter);
        }
    }

    /** Many may try; one registers, and what came before that wakes all. */
    private static void listen(Partition partition, Watched watched) {
        partition.owner().execute(() -> Guard.run("KAF-009", "listening to " + partition, () -> {
            if (!watched.listening) {
                var _ = partition.log().onDurableEnd(_ -> watched.wake());
                watched.listening = true;
                watched.wake();
            }
        }));
    }

    @Override
    public void changed(Topic topic) {
        // A partition that is opened again has another log, which is watched when asked for.
    }

    @Override
    public void deleted(Topic topic) {
        for (Partition partition : topic.partitions()) {
            Watched watched = logs.remove(partition.log());
            if (watched != null) {
                watched.wake();
            }
        }
    }

    /** One log's waiters. */
    private static final class Watched {
        final Set<Waiter> waiters = new ConcurrentSkipListSet<>(
                Comparator.comparingLong(Waiter::number));
        /** Set on the owner's thread. */
        volatile boolean listening;

        void wake() {
            if (!waiters.isEmpty()) {
                // One that cannot be woken is not to keep the others waiting, nor harm the log.
                waiters.forEach(waiter -> Guard.run("KAF-010", "a waiting fetch", waiter::wake));
            }
        }
    }
}
