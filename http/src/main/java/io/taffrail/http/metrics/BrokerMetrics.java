package io.taffrail.http.metrics;

import io.taffrail.broker.queue.HostTraffic;
import io.taffrail.broker.vhost.HostCalls;
import io.taffrail.broker.vhost.Inventory;
import io.taffrail.broker.vhost.Inventory.QueueEntry;
import io.taffrail.broker.vhost.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Collects the metrics of all parts for one scrape. Blocks. */
record BrokerMetrics(MetricsContext context) {

    /** Queues looked at in one task of a host's owner. */
    private static final int QUEUES_AT_ONCE = 256;

    void add(Scrape scrape) {
        HostTraffic traffic = new HostTraffic();
        QueueMetrics queues = new QueueMetrics(scrape, context.broker().clock().millis());
        for (VirtualHost host : context.broker().virtualHosts().all()) {
            traffic.add(look(host, Inventory::traffic));
            if (scrape.wantsHost(host.name()) && scrape.wants("queue_coarse_metrics",
                    "queue_metrics", "queue_consumer_count", "queue_delivery_metrics",
                    "exchange_metrics", "vhost_status")) {
                queues.add(host, entries(host));
            }
        }
        queues.end();
        new TrafficMetrics(scrape).add(traffic);
        new ClientMetrics(scrape, context.reports()).add(traffic);
        new NodeMetrics(scrape, context).add();
        if (scrape.wanted().isEmpty()) {
            new LogMetrics(scrape.families(), context.broker()).add();
            new KafkaMetrics(scrape, context).add();
            new JvmMetrics(scrape.families()).add();
        }
    }

    private static List<QueueEntry> entries(VirtualHost host) {
        List<String> names = look(host, Inventory::queueNames);
        List<QueueEntry> entries = new ArrayList<>(names.size());
        for (int from = 0; from < names.size(); from += QUEUES_AT_ONCE) {
            List<String> some = names.subList(from,
                    Math.min(names.size(), from + QUEUES_AT_ONCE));
            entries.addAll(look(host,
                    it -> some.stream().flatMap(name -> it.queue(name).stream()).toList()));
        }
        return entries;
    }

    static <T> T look(VirtualHost host, Function<Inventory, T> question) {
        return HostCalls.in(host, it -> CompletableFuture
                .completedFuture(question.apply(it.inventory()))).join();
    }
}
