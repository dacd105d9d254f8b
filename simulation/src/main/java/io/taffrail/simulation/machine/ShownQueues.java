package io.taffrail.simulation.machine;

import io.taffrail.broker.topic.HostedTopic;
import io.taffrail.broker.topic.TopicHosting;
import io.taffrail.broker.topic.Topics;
import io.taffrail.log.spi.WritableLog;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The logs of queues as log clients see them, on a machine that has no topics besides. */
public final class ShownQueues implements TopicHosting {

    private final Topics topics = new EmptyTopics();
    private final Map<String, WritableLog> logs = new HashMap<>();
    private final Set<String> reserved = new HashSet<>();

    /** The log of a queue, unless it is deleted or transient. */
    public Optional<WritableLog> log(String queue) {
        return Optional.ofNullable(logs.get(queue));
    }

    @Override
    public Topics topics() {
        return topics;
    }

    @Override
    public boolean isHosted(String name) {
        return logs.containsKey(name);
    }

    @Override
    public boolean reserve(String name) {
        return !logs.containsKey(name) && reserved.add(name);
    }

    @Override
    public void release(String name) {
        reserved.remove(name);
    }

    @Override
    public void show(HostedTopic topic) {
        logs.put(topic.name(), topic.log());
    }

    @Override
    public void hide(String name) {
        logs.remove(name);
    }
}
