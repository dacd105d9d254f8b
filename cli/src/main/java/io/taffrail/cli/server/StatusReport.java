package io.taffrail.cli.server;

import io.taffrail.amqp.AmqpHead;
import io.taffrail.broker.Broker;
import io.taffrail.broker.queue.Quarantine;
import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topic;
import io.taffrail.http.HttpHead;
import io.taffrail.kafka.KafkaHead;
import io.taffrail.log.config.HostPort;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.log.spi.LogTrouble;
import io.taffrail.net.MemoryBudget;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Status of a broker, as shown by {@code taffrail status}: a JSON object. {@code healthy} is false
 * while a part is out of use: the storage, a quarantined queue or log, a partition whose log
 * could not be opened. Failing background work ({@code troubles}) does not affect it.
 * Any thread but the owners', which are asked.
 */
record StatusReport(Instant started, InstantSource clock, Broker broker, MemoryBudget memory,
        KafkaHead kafka, Optional<AmqpHead> amqp, Optional<HttpHead> http) {

    Map<String, Object> now() {
        LogEngine engine = broker.engine();
        List<Map<String, Object>> queues = broker.quarantined().stream().map(StatusReport::queue)
                .toList();
        List<Map<String, Object>> partitions = partitions();
        List<Map<String, Object>> logs = logs(engine);
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("healthy", engine.failure().isEmpty() && queues.isEmpty() && logs.isEmpty()
                && partitions.isEmpty());
        String version = StatusReport.class.getPackage().getImplementationVersion();
        report.put("version", version == null ? "(unpackaged)" : version);
        report.put("java", Runtime.version().toString());
        report.put("pid", ProcessHandle.current().pid());
        report.put("started", started.toString());
        report.put("uptime_ms", Duration.between(started, clock.instant()).toMillis());
        report.put("process", StatusContents.process());
        report.put("listeners", listeners());
        report.put("storage", storage(engine));
        report.put("memory", Map.of("budget_bytes", memory.totalBytes(), "charged_bytes",
                memory.chargedBytes()));
        report.put("contents", new StatusContents(broker).counts());
        report.put("quarantined_queues", queues);
        report.put("quarantined_logs", logs);
        report.put("offline_partitions", partitions);
        report.put("troubles", engine.troubles().stream().map(StatusReport::trouble).toList());
        report.put("lost_letters", broker.lostLetters().count());
        return report;
    }

    private List<Map<String, Object>> listeners() {
        List<Map<String, Object>> listeners = new ArrayList<>();
        listeners.add(listener("kafka", kafka.address(), kafka.connections()));
        amqp.ifPresent(head -> listeners
                .add(listener("amqp", head.address(), head.connections())));
        http.ifPresent(head -> listeners
                .add(listener("http", head.address(), head.connections())));
        return listeners;
    }

    private static Map<String, Object> listener(String protocol, InetSocketAddress address,
            int connections) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("protocol", protocol);
        object.put("address",
                new HostPort(address.getHostString(), address.getPort()).toString());
        object.put("connections", connections);
        return object;
    }

    private Map<String, Object> storage(LogEngine engine) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("location", engine.location());
        object.put("durability", broker.config().durability().name().toLowerCase(Locale.ROOT));
        object.put("logs", engine.logs().size());
        object.put("unforced_bytes", engine.unforcedBytes());
        engine.usableBytes().ifPresent(bytes -> object.put("usable_bytes", bytes));
        engine.failure().ifPresent(cause -> object.put("failure", cause));
        return object;
    }

    private static Map<String, Object> queue(Quarantine quarantine) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("vhost", quarantine.virtualHost());
        object.put("queue", quarantine.queue());
        object.put("since", quarantine.since().toString());
        object.put("cause", quarantine.cause());
        return object;
    }

    /**
     * Quarantined logs; {@code name} is the name that {@code taffrail log reopen} takes,
     * if it is not the id.
     */
    private List<Map<String, Object>> logs(LogEngine engine) {
        List<Map<String, Object>> logs = new ArrayList<>();
        engine.quarantined().forEach((id, cause) -> {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("log", id.toString());
            broker.reopening().shownName(id).ifPresent(name -> object.put("name", name));
            object.put("cause", cause);
            logs.add(object);
        });
        logs.sort(Comparator.comparing(it -> String.valueOf(it.get("log"))));
        return logs;
    }

    private List<Map<String, Object>> partitions() {
        List<Map<String, Object>> offline = new ArrayList<>();
        for (Topic topic : broker.topics().all()) {
            for (Partition partition : topic.partitions()) {
                partition.offline().ifPresent(cause -> {
                    Map<String, Object> object = new LinkedHashMap<>();
                    object.put("topic", partition.topic());
                    object.put("partition", partition.index());
                    object.put("cause", cause);
                    offline.add(object);
                });
            }
        }
        return offline;
    }

    private static Map<String, Object> trouble(LogTrouble trouble) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("log", trouble.log().toString());
        object.put("work", trouble.work());
        object.put("since", trouble.since().toString());
        object.put("cause", trouble.cause());
        trouble.nextTry().ifPresent(next -> object.put("next_try", next.toString()));
        return object;
    }
}
