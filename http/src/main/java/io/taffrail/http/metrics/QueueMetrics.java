package io.taffrail.http.metrics;

import io.taffrail.broker.queue.QueueFigures;
import io.taffrail.broker.traffic.MessageEvent;
import io.taffrail.broker.vhost.Inventory.QueueEntry;
import io.taffrail.broker.vhost.VirtualHost;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Metrics of queues, streams and partitions shown as streams: each, or their sums. */
final class QueueMetrics {

    /** Heads of queues that are looked up in one scrape of each object. */
    private static final int MAX_HEADS = 1000;
    /** Heads looked at in one task of a host's owner. */
    private static final int HEADS_AT_ONCE = 64;
    private static final double MS_PER_SECOND = 1000;

    private final Scrape scrape;
    private final long nowMs;
    private final Map<Metric, Double> sums = new EnumMap<>(Metric.class);
    private int queues;
    private int consumers;
    private int headsLeft = MAX_HEADS;

    QueueMetrics(Scrape scrape, long nowMs) {
        this.scrape = scrape;
        this.nowMs = nowMs;
    }

    /** Adds the queues of a host. */
    void add(VirtualHost host, List<QueueEntry> entries) {
        queues += entries.size();
        for (QueueEntry queue : entries) {
            consumers += queue.consumers();
            if (scrape.perObject()) {
                add(queue, "vhost", host.name(), "queue", queue.declaration().name());
            } else {
                add(queue);
            }
        }
        if (scrape.perObject() && scrape.wants("queue_metrics")) {
            heads(host, entries);
        }
    }

    /** Adds sums and numbers of objects. */
    void end() {
        sums.forEach((metric, value) -> metric.write(scrape, value));
        if (scrape.wanted().isEmpty()) {
            scrape.gauge("queues", "Queues available", queues);
            scrape.gauge("consumers", "Consumers currently connected", consumers);
        }
    }

    /** The metrics of a queue, with their groups in RabbitMQ. */
    private enum Metric {
        MESSAGES_READY("queue_coarse_metrics", "queue_messages_ready",
                "Messages ready to be delivered to consumers", false),
        MESSAGES_UNACKED("queue_coarse_metrics", "queue_messages_unacked",
                "Messages delivered and not yet acknowledged", false),
        MESSAGES("queue_coarse_metrics", "queue_messages",
                "Messages ready and unacknowledged", false),
        CONSUMERS("queue_consumer_count", "queue_consumers", "Consumers of the queue", false),
        CAPACITY("queue_metrics", "queue_consumer_capacity",
                "1 if a consumer has room for the next message, else 0", false),
        UTILISATION("queue_metrics", "queue_consumer_utilisation",
                "Same as consumer capacity", false),
        BYTES("queue_metrics", "queue_messages_bytes", "Bytes of message bodies", false),
        READY_BYTES("queue_metrics", "queue_messages_ready_bytes",
                "Bytes of the bodies of ready messages", false),
        UNACKED_BYTES("queue_metrics", "queue_messages_unacked_bytes",
                "Bytes of the bodies of unacknowledged messages", false),
        PERSISTENT("queue_metrics", "queue_messages_persistent",
                "Messages that survive a restart", false),
        PERSISTENT_BYTES("queue_metrics", "queue_messages_persistent_bytes",
                "Bytes of the bodies of messages that survive a restart", false),
        RAM("queue_metrics", "queue_messages_ram", "Messages in memory: none", false),
        RAM_BYTES("queue_metrics", "queue_messages_ram_bytes",
                "Bytes of the bodies of messages in memory: none", false),
        READY_RAM("queue_metrics", "queue_messages_ready_ram",
                "Ready messages in memory: none", false),
        UNACKED_RAM("queue_metrics", "queue_messages_unacked_ram",
                "Unacknowledged messages in memory: none", false),
        PAGED_OUT("queue_metrics", "queue_messages_paged_out", "Messages on disk: all", false),
        PAGED_OUT_BYTES("queue_metrics", "queue_messages_paged_out_bytes",
                "Bytes of the bodies of messages on disk: all", false),
        BLOCKED("queue_metrics", "queue_consumers_full_seconds",
                "Time for which ready messages waited as no consumer had room", true),
        PUBLISHED("queue_metrics", "queue_messages_published",
                "Messages stored in the queue", true);

        private final String group;
        private final String metric;
        private final String help;
        private final boolean grows;

        Metric(String group, String metric, String help, boolean grows) {
            this.group = group;
            this.metric = metric;
            this.help = help;
            this.grows = grows;
        }

        void write(Scrape to, double value, String... labels) {
            if (grows) {
                to.counter(metric, help, value, labels);
            } else {
                to.gauge(metric, help, value, labels);
            }
        }

        double of(QueueEntry queue) {
            QueueFigures figures = queue.figures();
            long messages = queue.depth().ready() + queue.depth().held();
            long bytes = figures.readyBytes() + figures.heldBytes();
            boolean durable = queue.declaration().durable();
            return switch (this) {
                case MESSAGES_READY -> queue.depth().ready();
                case MESSAGES_UNACKED -> queue.depth().held();
                case MESSAGES, PAGED_OUT -> messages;
                case RAM, RAM_BYTES, READY_RAM, UNACKED_RAM -> 0;
                case CONSUMERS -> queue.consumers();
                case CAPACITY, UTILISATION -> queue.consumers() > 0 && !figures.blocked() ? 1 : 0;
                case BYTES, PAGED_OUT_BYTES -> bytes;
                case READY_BYTES -> figures.readyBytes();
                case UNACKED_BYTES -> figures.heldBytes();
                case PERSISTENT -> durable ? messages : 0;
                case PERSISTENT_BYTES -> durable ? bytes : 0;
                case BLOCKED -> figures.blockedMs() / MS_PER_SECOND;
                case PUBLISHED -> figures.counts().of(MessageEvent.PUBLISHED);
            };
        }
    }

    private void add(QueueEntry queue, String... labels) {
        for (Metric metric : Metric.values()) {
            boolean isWanted = metric == Metric.CONSUMERS
                    ? scrape.wants("queue_consumer_count", "queue_metrics")
                    : scrape.wants(metric.group);
            if (!isWanted) {
                continue;
            }
            double value = metric.of(queue);
            if (labels.length > 0) {
                metric.write(scrape, value, labels);
            } else {
                sums.merge(metric, value, Double::sum);
            }
        }
    }

    /** Adds the times of the oldest waiting messages. */
    private void heads(VirtualHost host, List<QueueEntry> entries) {
        List<String> names = entries.stream().filter(it -> it.depth().ready() > 0)
                .map(it -> it.declaration().name()).limit(headsLeft).toList();
        headsLeft -= names.size();
        for (int from = 0; from < names.size(); from += HEADS_AT_ONCE) {
            List<String> some = names.subList(from,
                    Math.min(names.size(), from + HEADS_AT_ONCE));
            Map<String, Long> times = BrokerMetrics.look(host, inventory -> {
                Map<String, Long> found = new HashMap<>();
                some.forEach(name -> inventory.oldestReadyMs(name)
                        .ifPresent(time -> found.put(name, time)));
                return found;
            });
            times.forEach((name, time) -> {
                scrape.gauge("queue_head_message_timestamp",
                        "Arrival time of the oldest waiting message, in seconds since 1970",
                        (double) (time / (long) MS_PER_SECOND), "vhost", host.name(), "queue",
                        name);
                scrape.families().gauge("taffrail_queue_oldest_seconds",
                        "Age of the oldest waiting message",
                        Math.max(0, nowMs - time) / MS_PER_SECOND, "vhost", host.name(), "queue",
                        name);
            });
        }
    }
}
