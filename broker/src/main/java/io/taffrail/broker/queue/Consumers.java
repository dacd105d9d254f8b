package io.taffrail.broker.queue;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The consumers of a queue: the highest priority first, round-robin among equals. One whose
 * prefetch is used up is set aside until it has room again, so that a message costs as much with
 * ten thousand full consumers as with none. Owner thread only.
 */
final class Consumers {

    /** The consumers of one priority. */
    private static final class Group {

        /** Those that may have room; the next one to be asked first. */
        private final Deque<ConsumerLink> asked = new ArrayDeque<>();
        /** Those without room, which are waiting for a wake-up. */
        private final Set<ConsumerLink> full = new LinkedHashSet<>();

        boolean isEmpty() {
            return asked.isEmpty() && full.isEmpty();
        }

        boolean remove(ConsumerLink consumer) {
            return full.remove(consumer) || asked.remove(consumer);
        }

        Stream<ConsumerLink> all() {
            return Stream.concat(asked.stream(), full.stream());
        }

        @Nullable
        ConsumerLink next(long offset) {
            for (int tries = asked.size(); tries > 0; tries--) {
                ConsumerLink candidate = asked.removeFirst();
                if (candidate.isFull()) {
                    full.add(candidate);
                    candidate.awaitRoom();
                } else {
                    asked.addLast(candidate);
                    if (candidate.canTake(offset)) {
                        return candidate;
                    }
                }
            }
            return null;
        }
    }

    private final Map<Integer, Group> byPriority = new TreeMap<>(
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

    /** Whether a consumer is served: in a queue with a single active consumer only one is. */
    boolean isActive(ConsumerLink consumer) {
        return !singleActive || consumer.equals(active);
    }

    boolean hasExclusive() {
        return exclusive != null;
    }

    void add(ConsumerLink consumer) {
        byPriority.computeIfAbsent(consumer.priority(), _ -> new Group()).asked.add(consumer);
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
        Group group = byPriority.get(consumer.priority());
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
            active = byPriority.values().stream().flatMap(Group::all).findFirst().orElse(null);
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
        for (Group group : byPriority.values()) {
            ConsumerLink found = group.next(offset);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** Asks a consumer again that was set aside, behind its equals. */
    void hasRoom(ConsumerLink consumer) {
        Group group = byPriority.get(consumer.priority());
        if (group != null && group.full.remove(consumer)) {
            group.asked.addLast(consumer);
        }
    }

    /** A copy of the list of all consumers, including those that are leaving. */
    Collection<ConsumerLink> all() {
        return byPriority.values().stream().flatMap(Group::all).toList();
    }
}
