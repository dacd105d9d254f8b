package io.taffrail.cli.control;

import io.taffrail.broker.Broker;
import io.taffrail.broker.queue.QueueType;
import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.topic.Topics;
import io.taffrail.broker.vhost.HostCalls;
import io.taffrail.broker.vhost.Inventory.QueueEntry;
import io.taffrail.broker.vhost.QueueTopicNames;
import io.taffrail.broker.vhost.VirtualHost;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Handles requests for what topics and queues hold, from which {@code taffrail top} computes rates:
 * one object for each topic, and for each queue of each virtual host. A queue that is a topic too
 * is listed once, as a queue.
 */
final class LoadRequests {

    private static final Pattern PARTITION = Pattern.compile("(.+)-(\\d{1,9})");

    private final Broker broker;

    LoadRequests(Broker broker) {
        this.broker = broker;
    }

    void list(Map<?, ?> request, Consumer<Map<String, ?>> answer) {
        Topics topics = broker.topics();
        Set<String> listed = new HashSet<>();
        for (VirtualHost host : broker.virtualHosts().all()) {
            List<QueueEntry> queues = HostCalls.in(host,
                    it -> CompletableFuture.completedFuture(it.inventory().queues())).join();
            for (QueueEntry queue : queues) {
                String name = queue.declaration().name();
                Optional<Topic> topic = topics.find(QueueTopicNames.of(host.name(), name));
                if (topic.isEmpty() && isPartition(queue)) {
                    continue;
                }
                Map<String, Object> object = object(name, queue.type().argument());
                object.put("vhost", host.name());
                object.put("ready", queue.depth().ready());
                object.put("unacknowledged", queue.depth().held());
                object.put("consumers", queue.consumers());
                topic.ifPresent(it -> {
                    stored(it, object);
                    listed.add(it.name());
                });
                answer.accept(object);
            }
        }
        for (Topic topic : topics.all()) {
            if (!topic.internal() && !listed.contains(topic.name())) {
                Map<String, Object> object = object(topic.name(), "topic");
                stored(topic, object);
                answer.accept(object);
            }
        }
    }

    /** True for the stream of a topic's partition, which is listed with its topic. */
    private boolean isPartition(QueueEntry queue) {
        Matcher name = PARTITION.matcher(queue.declaration().name());
        return queue.type() == QueueType.STREAM && name.matches()
                && broker.topics().find(name.group(1))
                        .flatMap(it -> it.partition(Integer.parseInt(name.group(2)))).isPresent();
    }

    private static Map<String, Object> object(String name, String kind) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", name);
        object.put("kind", kind);
        return object;
    }

    /** Sums over partitions: of end offsets, which grow with each message, and of sizes. */
    private static void stored(Topic topic, Map<String, Object> object) {
        long end = 0;
        long bytes = 0;
        for (Partition partition : topic.partitions()) {
            end += partition.log().durableEnd();
            bytes += partition.log().sizeBytes();
        }
        object.put("end_offsets", end);
        object.put("stored_bytes", bytes);
    }
}
