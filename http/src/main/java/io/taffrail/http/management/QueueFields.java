package io.taffrail.http.management;

import io.taffrail.broker.queue.QueueFigures;
import io.taffrail.broker.vhost.Inventory.QueueEntry;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.http.sample.Numbers;
import io.taffrail.http.sample.Sampler;
import io.taffrail.http.sample.Samples;
import io.taffrail.http.sample.Series;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The figures of queues: sizes, rates, and the use of their consumers. */
record QueueFields(Sampler sampler, Rates rates) {

    private static final double MS_PER_SECOND = 1000;

    /** Adds the figures of a queue to its object. */
    void add(Map<String, @Nullable Object> object, VirtualHost host, QueueEntry queue,
            @Nullable Long oldestMs) {
        String name = queue.declaration().name();
        Samples samples = sampler.queues();
        Optional<Series> series = rates.wantsSamples()
                ? samples.watch(host.name(), name)
                : samples.find(host.name(), name);
        rates.depths(object, queue.depth().ready(), queue.depth().held(), series);
        rates.stats(object, Rates.OF_QUEUE, queue.figures().counts(), series);
        sizes(object, queue);
        double room = capacity(queue, series);
        object.put("consumer_capacity", room);
        object.put("consumer_utilisation", room);
        object.put("head_message_timestamp",
                oldestMs == null ? null : oldestMs / (long) MS_PER_SECOND);
        object.put("effective_policy_definition", Map.of());
        object.put("operator_policy", null);
    }

    /** All messages are on disk; those of a durable queue survive a restart. */
    private static void sizes(Map<String, @Nullable Object> object, QueueEntry queue) {
        QueueFigures figures = queue.figures();
        long messages = queue.depth().ready() + queue.depth().held();
        long bytes = figures.readyBytes() + figures.heldBytes();
        boolean durable = queue.declaration().durable();
        object.put("message_bytes", bytes);
        object.put("message_bytes_ready", figures.readyBytes());
        object.put("message_bytes_unacknowledged", figures.heldBytes());
        object.put("message_bytes_persistent", durable ? bytes : 0);
        object.put("message_bytes_paged_out", bytes);
        object.put("message_bytes_ram", 0);
        object.put("messages_persistent", durable ? messages : 0);
        object.put("messages_paged_out", messages);
        object.put("messages_ram", 0);
        object.put("messages_ready_ram", 0);
        object.put("messages_unacknowledged_ram", 0);
    }

    /** The share of the time in which a consumer had room whenever a message was ready. */
    static double capacity(QueueEntry queue, Optional<Series> series) {
        if (queue.consumers() == 0) {
            return 0;
        }
        if (series.isEmpty() || series.get().size() < 2) {
            return queue.figures().blocked() ? 0 : 1;
        }
        return Math.clamp(1 - series.get().rate(Numbers.BLOCKED_MS) / MS_PER_SECOND, 0, 1);
    }
}
