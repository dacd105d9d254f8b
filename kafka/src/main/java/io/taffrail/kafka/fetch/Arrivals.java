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
 * Registry of fetches that wait for records; it wakes them when records become readable. A log has
 * a listener from the first fetch that waits for it until its topic is deleted. Safe for any
 * thread.
 */
final class Arrivals implements TopicListener {

    /** A waiting fetch; {@link #wake} is called on any thread and may be spurious. */
    interface Waiter {

        /**
         * Number from {@link Arrivals#nextNumber}; the waiters of a log are woken in ascending
         * order.
         */
        long number();

        void wake();
    }

    private final Map<WritableLog, Watched> logs = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    /** Number of the next waiter; each call returns a higher one. */
    long nextNumber() {
        return numbers.getAndIncrement();
    }

    /**
     * Wakes {@code waiter} for records that become readable after this call, until {@link #remove}.
     */
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

    /**
     * Registers one listener for the log, and wakes all waiters for records that arrived before it.
     */
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
        // A reopened partition has a new log, which gets a listener when a fetch waits for it.
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

    /** The waiters of one log. */
    private static final class Watched {
        final Set<Waiter> waiters = new ConcurrentSkipListSet<>(
                Comparator.comparingLong(Waiter::number));
        /** Written on the owner's thread. */
        volatile boolean listening;

        void wake() {
            if (!waiters.isEmpty()) {
                // A waiter whose wake fails must not stop the others or the log.
                waiters.forEach(waiter -> Guard.run("KAF-010", "a waiting fetch", waiter::wake));
            }
        }
    }
}
