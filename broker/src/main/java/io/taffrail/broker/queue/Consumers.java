package io.taffrail.broker.queue;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A queue's consumers: those of the highest priority first, in turns among equals. */
final class Consumers {

    private final Map<Integer, Deque<ConsumerLink>> byPriority = new TreeMap<>(
            Comparator.reverseOrder());
    private final boolean singleActive;
    private @Nullable ConsumerLink active;
    private @Nullable ConsumerLink exclusive;
    /** Of those that stay. */
    private int size;

    /**
     * @param singleActive
     *            only one of them is served, until it leaves
     */
    Consumers(boolean singleActive) {
        this.singleActive = singleActive;
    }

    /** How many there are, without those that leave. */
    int size() {
        return size;
    }

    /** Whether there are none, not even such that leave. */
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

    /** One is about to leave: it stands in nobody's way any more, and still takes its last. */
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

    /** Who takes the message at an offset, or nobody; those who could not are asked to call. */
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

    /** All of them, for iteration at once. */
    Collection<ConsumerLink> all() {
        return byPriority.values().stream().flatMap(Deque::stream).toList();
    }
}
