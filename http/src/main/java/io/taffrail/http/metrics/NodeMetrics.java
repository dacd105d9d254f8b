package io.taffrail.http.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import io.taffrail.broker.Broker;
import io.taffrail.broker.traffic.ConnectionReports;
import io.taffrail.broker.traffic.ConnectionReports.Churn;
import io.taffrail.log.spi.EngineFigures;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.OptionalLong;

/** The node: alarms, limits, disk, and the journal by RabbitMQ's names. */
record NodeMetrics(Scrape scrape, MetricsContext context) {

    private static final double MS_PER_SECOND = 1000;
    private static final double US_PER_SECOND = 1e6;

    void add() {
        Broker broker = context.broker();
        if (scrape.wanted().isEmpty()) {
            scrape.gauge("alarms_file_descriptor_limit",
                    "1 if the limit of file descriptors is reached", 0);
            scrape.gauge("alarms_memory_used_watermark", "1 if clients wait for memory",
                    context.loops().memory().isShort() ? 1 : 0);
            scrape.gauge("alarms_free_disk_space_watermark", "1 if the storage has failed or is"
                    + " full", broker.engine().failure().isPresent() ? 1 : 0);
            scrape.families().info("rabbitmq_build", "Versions", "rabbitmq_version", "3.10.8",
                    "product_name", "Taffrail", "product_version", context.node().version());
            scrape.families().info("rabbitmq_identity", "Node and cluster", "rabbitmq_node",
                    context.node().name(), "rabbitmq_cluster", broker.clusterId(),
                    "rabbitmq_cluster_permanent_id", broker.clusterId());
        }
        if (scrape.wants("node_metrics", "node_coarse_metrics")) {
            process();
        }
        if (scrape.wants("node_persister_metrics")) {
            broker.engine().figures().ifPresent(this::journal);
        }
    }

    private void process() {
        if (ManagementFactory
                .getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix) {
            scrape.gauge("process_open_fds", "Open file descriptors",
                    unix.getOpenFileDescriptorCount());
            scrape.gauge("process_max_fds", "Limit of open file descriptors",
                    unix.getMaxFileDescriptorCount());
        }
        scrape.gauge("process_open_tcp_sockets", "Open connections of clients",
                context.reports().values().stream().map(ConnectionReports::churn)
                        .mapToLong(NodeMetrics::open).sum());
        Runtime runtime = Runtime.getRuntime();
        scrape.gauge("process_resident_memory_bytes", "Memory used: the Java heap",
                (double) runtime.totalMemory() - runtime.freeMemory());
        scrape.gauge("resident_memory_limit_bytes", "Limit of the Java heap",
                runtime.maxMemory());
        OptionalLong usable = context.broker().engine().usableBytes();
        usable.ifPresent(bytes -> scrape.gauge("disk_space_available_bytes",
                "Bytes that can still be written to the disk", bytes));
        scrape.gauge("erlang_uptime_seconds", "Time since the start",
                Duration.between(context.node().started(), context.broker().clock().instant())
                        .toMillis() / MS_PER_SECOND);
        scrape.counter("erlang_gc_runs", "Garbage collections of the Java heap",
                ManagementFactory.getGarbageCollectorMXBeans().stream()
                        .mapToLong(GarbageCollectorMXBean::getCollectionCount).sum());
        scrape.gauge("erlang_processes_used", "Java threads",
                ManagementFactory.getThreadMXBean().getThreadCount());
    }

    private static long open(Churn churn) {
        return churn.opened() - churn.closed();
    }

    private void journal(EngineFigures figures) {
        scrape.counter("io_sync_ops", "Groups of the journal forced to disk",
                figures.journal().groups());
        scrape.counter("io_sync_time_seconds", "Time of writing and forcing groups",
                figures.journal().forceUs() / US_PER_SECOND);
        scrape.counter("io_write_ops", "Groups of the journal written",
                figures.journal().groups());
        scrape.counter("io_write_bytes", "Bytes of the journal written",
                figures.journal().bytes());
    }
}
