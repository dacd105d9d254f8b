package io.taffrail.http.console;

import io.taffrail.broker.Broker;
import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.vhost.Inventory.Totals;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.http.management.HostScope;
import io.taffrail.http.route.EventSink;
import io.taffrail.http.route.EventStream;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.route.HttpTag;
import io.taffrail.http.route.ServerEvent;
import io.taffrail.log.guard.Guard;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * The stream of events that tells open consoles that something has changed. While there is a
 * listener, one thread compares the broker's counters every {@value #PERIOD_MS} ms, and sends an
 * event to all if one differs; it says nothing about what, so that it needs no rights. Nothing runs
 * without a listener. Safe for any thread.
 */
final class LiveChanges {

    private static final long PERIOD_MS = 1000;

    private final Broker broker;
    private final IntSupplier connections;
    private final Set<EventSink> sinks = new LinkedHashSet<>();
    private Optional<ScheduledExecutorService> ticker = Optional.empty();
    private List<Long> last = List.of();
    private long version;

    /**
     * @param connections
     *            number of clients' connections
     */
    LiveChanges(Broker broker, IntSupplier connections) {
        this.broker = broker;
        this.connections = connections;
    }

    void register(HttpRoutes routes) {
        routes.on("GET", "/api/taffrail/live", HttpTag.MANAGEMENT,
                _ -> new EventStream(this::open));
    }

    private synchronized Runnable open(EventSink sink) {
        sinks.add(sink);
        sink.send(event());
        if (ticker.isEmpty()) {
            ScheduledExecutorService started = Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("taffrail-console").factory());
            ticker = Optional.of(started);
            var _ = started.scheduleWithFixedDelay(
                    () -> Guard.run("HTT-007", "a look for changes", this::look), PERIOD_MS,
                    PERIOD_MS, TimeUnit.MILLISECONDS);
        }
        return () -> closed(sink);
    }

    private synchronized void closed(EventSink sink) {
        sinks.remove(sink);
        if (sinks.isEmpty()) {
            ticker.ifPresent(ScheduledExecutorService::shutdownNow);
            ticker = Optional.empty();
        }
    }

    private ServerEvent event() {
        return new ServerEvent("", "change", "{\"version\":" + version + "}");
    }

    private void look() {
        List<Long> now = counters();
        List<EventSink> told;
        ServerEvent event;
        synchronized (this) {
            if (now.equals(last)) {
                return;
            }
            last = now;
            version++;
            event = event();
            told = List.copyOf(sinks);
        }
        told.forEach(sink -> sink.send(event));
    }

    private List<Long> counters() {
        List<Long> counters = new ArrayList<>();
        for (VirtualHost host : broker.virtualHosts().all()) {
            Totals totals = HostScope.look(host, it -> it.inventory().totals());
            counters.addAll(List.of(HostScope.look(host, it -> it.inspection().stored()),
                    totals.ready(), totals.held(), totals.consumers(), (long) totals.queues(),
                    (long) totals.exchanges(),
                    HostScope.look(host, it -> it.pending().count())));
        }
        long ends = 0;
        for (Topic topic : broker.topics().all()) {
            for (Partition partition : topic.partitions()) {
                ends += partition.log().durableEnd() + partition.log().startOffset();
            }
        }
        counters.add(ends);
        counters.add((long) broker.topics().all().size());
        counters.add((long) connections.getAsInt());
        counters.add((long) broker.quarantined().size());
        counters.add((long) broker.users().names().size());
        return counters;
    }
}
