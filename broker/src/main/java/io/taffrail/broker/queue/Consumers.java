package io.taffrail.broker.queue;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The consumers of a queue: the highest priority first, round-robin among equals. Owner thread
 * only.
 */
final class Consumers {

    private final Map<Integer, Deque<ConsumerLink>> byPriority = new TreeMap<>(
            Comparator.reverseOrder());
    private final boolean singleActive;
    private @Nullable ConsumerLink active;
    private @Nullable ConsumerLink exclusive;
    /** Number of consumers that are not leaving. */
    private int size;

    /**
     * @param singleActive
     *            whether one consumer is served until it leaves
     */
    Consumers(boolean singleActive) {
        this.singleActive = singleActive;
    }

    /** Number of consumers, without those that are leaving. */
    int size() {
        return size;
    }

    /** Whether there are no consumers at all, including those that are leaving. */
    boolean isEmpty() {
        return byPriority.isEmpty();
    }

    boolean hasExclusive() {
        return exclusive != null;
    }

    void add(ConsumerLink consumer) {
        byPriority.computeIfAbsent(consumer.priority(), _ -> new ArrayDeque<>()).add(consumer);
        size++;
        if (consumer.options().exclusive()) {
            exclusive = consumer;
        }
        if (active == null) {
            active = consumer;
        }
    }

    /**
     * Marks a consumer as leaving: it no longer excludes others, and still takes the messages
     * published before.
     */
    void leaving(ConsumerLink consumer) {
        size--;
        if (consumer.equals(exclusive)) {
            exclusive = null;
        }
    }

    void remove(ConsumerLink consumer) {
        Deque<ConsumerLink> group = byPriority.get(consumer.priority());
        if (group == null || !group.remove(consumer)) {
            return;
        }
        if (!consumer.isLeaving()) {
            leaving(consumer);
        }
        if (group.isEmpty()) {
            byPriority.remove(consumer.priority());
        }
        if (consumer.equals(active)) {
            active = byPriority.isEmpty() ? null : byPriority.values().iterator().next().getFirst();
        }
    }

    /**
     * The consumer that takes the message at an offset, or null if none has room; consumers without
     * room register for a wake-up.
     */
    @Nullable
    ConsumerLink next(long offset) {
        if (singleActive) {
            ConsumerLink only = active;
            if (only == null || only.canTake(offset)) {
                return only;
            }
            only.awaitRoom();
            return null;
        }
        for (Deque<ConsumerLink> group : byPriority.values()) {
            for (int tries = group.size(); tries > 0; tries--) {
                ConsumerLink candidate = group.removeFirst();
                group.addLast(candidate);
                if (candidate.canTake(offset)) {
                    return candidate;
                }
            }
        }
        byPriority.values().forEach(group -> group.forEach(ConsumerLink::awaitRoom));
        return null;
    }

    /** A copy of the list of all consumers, including those that are leaving. */
    Collection<ConsumerLink> all() {
        return byPriority.values().stream().flatMap(Deque::stream).toList();
    }
}
