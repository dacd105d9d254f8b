package io.taffrail.cli.server;

import io.taffrail.broker.Broker;
import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.vhost.HostCalls;
import io.taffrail.broker.vhost.Inventory.Totals;
import io.taffrail.broker.vhost.VirtualHost;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Numbers about this process, and about topics and queues, for the status report. Any thread but
 * the owners'.
 */
record StatusContents(Broker broker) {

    /** Time within which all virtual hosts must answer, in milliseconds. */
    private static final long PATIENCE_MS = 1_000;

    /** CPU time and heap of this process. */
    static Map<String, Object> process() {
        Runtime runtime = Runtime.getRuntime();
        Map<String, Object> process = new LinkedHashMap<>();
        ProcessHandle.current().info().totalCpuDuration().map(Duration::toMillis)
                .ifPresent(ms -> process.put("cpu_ms", ms));
        process.put("cores", runtime.availableProcessors());
        process.put("heap_used_bytes", runtime.totalMemory() - runtime.freeMemory());
        process.put("heap_max_bytes", runtime.maxMemory());
        return process;
    }

    /**
     * Counts of topics and queues. Without the counts of queues if a virtual host does not answer
     * in time: the status is also asked for when a part of the broker hangs.
     */
    Map<String, Object> counts() {
        Map<String, Object> counts = new LinkedHashMap<>();
        List<Topic> topics = broker.topics().all().stream().filter(it -> !it.internal()).toList();
        counts.put("topics", topics.size());
        counts.put("partitions", topics.stream().mapToInt(it -> it.partitions().size()).sum());
        Collection<VirtualHost> hosts = broker.virtualHosts().all();
        counts.put("virtual_hosts", hosts.size());
        List<CompletableFuture<Totals>> answers = hosts.stream().map(host -> HostCalls.in(host,
                it -> CompletableFuture.completedFuture(it.inventory().totals()))).toList();
        CompletableFuture<Boolean> all = CompletableFuture
                .allOf(answers.toArray(CompletableFuture[]::new)).handle((_, e) -> e == null);
        if (all.completeOnTimeout(false, PATIENCE_MS, TimeUnit.MILLISECONDS).join()) {
            List<Totals> totals = answers.stream().map(CompletableFuture::join).toList();
            counts.put("queues", totals.stream().mapToInt(Totals::queues).sum());
            counts.put("consumers", totals.stream().mapToLong(Totals::consumers).sum());
            counts.put("ready", totals.stream().mapToLong(Totals::ready).sum());
            counts.put("unacknowledged", totals.stream().mapToLong(Totals::held).sum());
        }
        return counts;
    }
}
