package io.taffrail.broker.topic;

import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.Registration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The topics that exist, with lock-free look-ups. Changes and the start of a watch exclude each
 * other, so that each listener sees every change exactly once and in order. Safe for any thread.
 */
final class LiveTopics {

    private final Map<String, Topic> byName = new ConcurrentHashMap<>();
    private final Map<UUID, Topic> byId = new ConcurrentHashMap<>();
    private final Map<String, String> byCollisionKey = new ConcurrentHashMap<>();
    /** Names of hosted topics, and names reserved at the moment. */
    private final Set<String> hosted = ConcurrentHashMap.newKeySet();
    private final Set<String> reserved = new HashSet<>();
    private final CopyOnWriteArrayList<TopicListener> listeners = new CopyOnWriteArrayList<>();
    private volatile int partitionCount;

    Optional<Topic> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    Optional<Topic> find(UUID id) {
        return Optional.ofNullable(byId.get(id));
    }

    Collection<Topic> all() {
        return Collections.unmodifiableCollection(byName.values());
    }

    /** The topic whose name collides with {@code name}. */
    Optional<String> collision(String name) {
        return Optional.ofNullable(byCollisionKey.get(TopicNames.collisionKey(name)));
    }

    int partitionCount() {
        return partitionCount;
    }

    boolean isHosted(String name) {
        return hosted.contains(name);
    }

    boolean hasHosted() {
        return !hosted.isEmpty();
    }

    /** Reserves a name for a topic that is about to be added; false if it is taken. */
    synchronized boolean reserve(String name) {
        return !byName.containsKey(name) && reserved.add(name);
    }

    synchronized void release(String name) {
        reserved.remove(name);
    }

    /** Adds a hosted topic, which neither counts towards limits nor collides with other names. */
    synchronized void putHosted(Topic topic) {
        hosted.add(topic.name());
        byName.put(topic.name(), topic);
        byId.put(topic.id(), topic);
        for (TopicListener listener : listeners) {
            tell(() -> listener.changed(topic));
        }
    }

    synchronized void put(Topic topic) {
        Topic before = byName.put(topic.name(), topic);
        byId.put(topic.id(), topic);
        byCollisionKey.put(TopicNames.collisionKey(topic.name()), topic.name());
        partitionCount += topic.partitions().size()
                - (before == null ? 0 : before.partitions().size());
        for (TopicListener listener : listeners) {
            tell(() -> listener.changed(topic));
        }
    }

    /** Removes a topic; does nothing if it was never added. */
    synchronized void remove(Topic topic) {
        if (byName.remove(topic.name()) == null) {
            return;
        }
        byId.remove(topic.id());
        if (!hosted.remove(topic.name())) {
            byCollisionKey.remove(TopicNames.collisionKey(topic.name()));
            partitionCount -= topic.partitions().size();
        }
        for (TopicListener listener : listeners) {
            tell(() -> listener.deleted(topic));
        }
    }

    synchronized Registration watch(TopicListener listener) {
        byName.values().forEach(topic -> tell(() -> listener.changed(topic)));
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    private static void tell(Runnable news) {
        Guard.run("TOP-001", "a listener of the catalog", news);
    }
}
