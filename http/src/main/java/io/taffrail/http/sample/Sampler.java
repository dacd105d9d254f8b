package io.taffrail.http.sample;

import io.taffrail.broker.queue.HostTraffic;
import io.taffrail.broker.queue.QueueDepth;
import io.taffrail.broker.traffic.ChannelReport;
import io.taffrail.broker.traffic.ConnectionReport;
import io.taffrail.broker.traffic.ConnectionReports;
import io.taffrail.broker.traffic.MessageCounts;
import io.taffrail.broker.vhost.HostCalls;
import io.taffrail.broker.vhost.Inventory;
import io.taffrail.broker.vhost.Inventory.ExchangeTraffic;
import io.taffrail.broker.vhost.Inventory.QueueEntry;
import io.taffrail.broker.vhost.VirtualHost;
import io.taffrail.broker.vhost.VirtualHosts;
import io.taffrail.log.guard.Guard;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes samples of all counters every five seconds, from the first request for rates until no
 * request has come for a minute. A virtual thread asks each virtual host in small tasks, and each
 * event loop for its connections. Thread-safe. After a crash or a pause there are no rates until
 * two samples are there.
 */
public final class Sampler {

    private static final Logger LOG = LoggerFactory.getLogger(Sampler.class);

    /** Time between two samples. */
    public static final Duration INTERVAL = Duration.ofSeconds(5);
    /** Time after the last request at which sampling ends. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Queues looked at in one task of a host's owner. */
    private static final int QUEUES_AT_ONCE = 256;
    /** Name of the sums over all virtual hosts. */
    private static final String ALL = "";

    private final VirtualHosts hosts;
    private final Collection<ConnectionReports> heads;
    private final InstantSource clock;
    private final ScheduledExecutorService timer;
    private final Samples sums = new Samples();
    private final Samples queues = new Samples();
    private final Samples exchanges = new Samples();
    private final Samples connections = new Samples();
    private final Samples channels = new Samples();
    private long lastAskedMs;
    private boolean running;

    /**
     * @param timer
     *            only starts a virtual thread
     */
    public Sampler(VirtualHosts hosts, Collection<ConnectionReports> heads, InstantSource clock,
            ScheduledExecutorService timer) {
        this.hosts = hosts;
        this.heads = heads;
        this.clock = clock;
        this.timer = timer;
    }

    /** Samples of the sums of a virtual host. */
    public Samples hosts() {
        asked();
        return sums;
    }

    /** Samples of the sums of all virtual hosts, of which many are kept. */
    public Samples overview() {
        asked();
        var _ = sums.watch(ALL, ALL);
        return sums;
    }

    /** Samples of queues. */
    public Samples queues() {
        asked();
        return queues;
    }

    /** Samples of exchanges: messages in, and copies out. */
    public Samples exchanges() {
        asked();
        return exchanges;
    }

    /** Samples of connections: bytes received and sent. */
    public Samples connections() {
        asked();
        return connections;
    }

    /** Samples of channels. */
    public Samples channels() {
        asked();
        return channels;
    }

    private synchronized void asked() {
        lastAskedMs = clock.millis();
        if (!running) {
            running = true;
            next(Duration.ZERO);
        }
    }

    private synchronized void next(Duration delay) {
        try {
            var _ = timer.schedule(() -> Thread.ofVirtual().name("taffrail-sampler").start(
                    () -> Guard.run("HTT-006", "taking samples", this::turn)), delay.toMillis(),
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            running = false;
            LOG.debug("no more samples: the broker stops", e);
        }
    }

    private void turn() {
        if (ends()) {
            return;
        }
        try {
            sample();
        } finally {
            next(INTERVAL);
        }
    }

    private synchronized boolean ends() {
        running = clock.millis() - lastAskedMs < PATIENCE.toMillis();
        if (!running) {
            all().forEach(Samples::clear);
        }
        return !running;
    }

    /** Forgets all samples; rates are 0 until there are two new ones. */
    public synchronized void forget() {
        all().forEach(Samples::clear);
    }

    private List<Samples> all() {
        return List.of(sums, queues, exchanges, connections, channels);
    }

    private void sample() {
        all().forEach(Samples::begin);
        List<ConnectionReport> clients = heads.stream()
                .flatMap(head -> head.reports().join().stream()).toList();
        clients.forEach(this::sample);
        MessageCounts total = new MessageCounts();
        long ready = 0;
        long held = 0;
        for (VirtualHost host : hosts.all()) {
            Inventory.Totals totals = sampleQueues(host);
            HostTraffic traffic = look(host, Inventory::traffic);
            MessageCounts counts = traffic.total();
            total.add(counts);
            ready += totals.ready();
            held += totals.held();
            long[] numbers = Numbers.of(counts, new QueueDepth(totals.ready(), totals.held()), 0);
            clients.stream().filter(it -> host.name().equals(it.facts().get("vhost")))
                    .forEach(it -> {
                        numbers[Numbers.RECEIVED] += it.octets().received();
                        numbers[Numbers.SENT] += it.octets().sent();
                    });
            sums.add(host.name(), ALL, clock.millis(), numbers);
        }
        sums.add(ALL, ALL, clock.millis(),
                Numbers.of(total, new QueueDepth(ready, held), 0));
        all().forEach(Samples::end);
    }

    private Inventory.Totals sampleQueues(VirtualHost host) {
        List<String> names = look(host, Inventory::queueNames);
        for (int from = 0; from < names.size(); from += QUEUES_AT_ONCE) {
            List<String> some = names.subList(from,
                    Math.min(names.size(), from + QUEUES_AT_ONCE));
            List<QueueEntry> entries = look(host,
                    it -> some.stream().flatMap(name -> it.queue(name).stream()).toList());
            long nowMs = clock.millis();
            for (QueueEntry queue : entries) {
                queues.add(host.name(), queue.declaration().name(), nowMs,
                        Numbers.of(queue.figures().counts(), queue.depth(),
                                queue.figures().blockedMs()));
            }
        }
        for (ExchangeTraffic exchange : look(host, Inventory::exchangeTraffic)) {
            exchanges.add(host.name(), exchange.name(), clock.millis(),
                    new long[]{exchange.in(), exchange.out()});
        }
        return look(host, Inventory::totals);
    }

    private void sample(ConnectionReport client) {
        long nowMs = clock.millis();
        String name = client.client();
        connections.add(ALL, name, nowMs,
                new long[]{client.octets().received(), client.octets().sent()});
        for (ChannelReport channel : client.channels()) {
            channels.add(name, String.valueOf(channel.number()), nowMs,
                    Numbers.of(channel.counts()));
        }
    }

    private static <T> T look(VirtualHost host, Function<Inventory, T> question) {
        return HostCalls.in(host, it -> CompletableFuture
                .completedFuture(question.apply(it.inventory()))).join();
    }
}
