package io.taffrail.http.metrics;

import io.taffrail.broker.deadletter.DeathReason;
import io.taffrail.broker.queue.HostTraffic;
import io.taffrail.broker.queue.HostTraffic.Fate;
import io.taffrail.broker.queue.QueueType;
import io.taffrail.broker.traffic.MessageCounts;
import io.taffrail.broker.traffic.MessageEvent;
import java.util.Locale;

/** Messages of AMQP clients since the start: RabbitMQ's {@code global} metrics. */
record TrafficMetrics(Scrape scrape) {

    private static final String PROTOCOL = "amqp091";

    void add(HostTraffic traffic) {
        if (!scrape.wanted().isEmpty()) {
            return;
        }
        MessageCounts published = traffic.published();
        publishers("received", "Messages received from publishers",
                published.of(MessageEvent.PUBLISHED));
        publishers("confirmed", "Messages confirmed to publishers",
                published.of(MessageEvent.CONFIRMED));
        publishers("received_confirm", "Messages received from publishers that were confirmed",
                published.of(MessageEvent.CONFIRMED));
        publishers("routed", "Copies of messages routed to queues", traffic.routed());
        publishers("unroutable_dropped", "Messages without a queue that were dropped",
                published.of(MessageEvent.DROPPED));
        publishers("unroutable_returned", "Messages without a queue that were returned",
                published.of(MessageEvent.RETURNED));
        for (QueueType type : QueueType.values()) {
            queues(type, traffic.of(type));
            deaths(type, traffic);
        }
    }

    private void publishers(String name, String help, long value) {
        scrape.counter("global_messages_" + name, help, value, "protocol", PROTOCOL);
    }

    private static String label(QueueType type) {
        return "rabbit_" + type.argument() + "_queue";
    }

    private void queues(QueueType type, MessageCounts counts) {
        queues(type, "acknowledged", "Messages acknowledged",
                counts.of(MessageEvent.ACKNOWLEDGED));
        queues(type, "delivered", "Messages delivered", counts.handedOut());
        queues(type, "delivered_consume_auto_ack",
                "Deliveries to consumers without acknowledgement",
                counts.of(MessageEvent.DELIVERED_SETTLED));
        queues(type, "delivered_consume_manual_ack", "Deliveries to consumers that acknowledge",
                counts.of(MessageEvent.DELIVERED));
        queues(type, "delivered_get_auto_ack", "Single gets without acknowledgement",
                counts.of(MessageEvent.GOT_SETTLED));
        queues(type, "delivered_get_manual_ack", "Single gets that acknowledge",
                counts.of(MessageEvent.GOT));
        queues(type, "get_empty", "Single gets that found nothing",
                counts.of(MessageEvent.GOT_NOTHING));
        queues(type, "redelivered", "Messages delivered once more",
                counts.of(MessageEvent.REDELIVERED));
    }

    private void queues(QueueType type, String name, String help, long value) {
        scrape.counter("global_messages_" + name, help, value, "protocol", PROTOCOL, "queue_type",
                label(type));
    }

    private void deaths(QueueType type, HostTraffic traffic) {
        if (type == QueueType.STREAM) {
            return;
        }
        for (DeathReason reason : DeathReason.values()) {
            for (Fate fate : Fate.values()) {
                scrape.counter("global_messages_dead_lettered_" + reason.text(),
                        "Messages that queues gave up: " + reason.text().replace('_', ' '),
                        traffic.givenUp(type, reason, fate), "queue_type", label(type),
                        "dead_letter_strategy", fate == Fate.DROPPED
                                ? "disabled"
                                : fate.name().toLowerCase(Locale.ROOT));
            }
        }
    }
}
