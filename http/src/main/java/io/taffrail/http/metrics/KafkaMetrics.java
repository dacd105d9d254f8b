package io.taffrail.http.metrics;

import io.taffrail.broker.topic.Partition;
import io.taffrail.broker.topic.Topic;
import io.taffrail.broker.traffic.GroupLag;
import io.taffrail.broker.traffic.RequestFigures;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Kafka's side: requests, topics and the lag of groups. Blocks. */
record KafkaMetrics(Scrape scrape, MetricsContext context) {

    private static final double MS_PER_SECOND = 1000;
    /** Groups with a lag of their own in the sums. */
    private static final int MAX_GROUPS = 1000;

    void add() {
        Families families = scrape.families();
        for (RequestFigures request : context.requests().get()) {
            families.times("taffrail_kafka_request_seconds",
                    "Time from the complete request to its response", request.classes(),
                    request.totalUs(), "api", request.api());
            families.counter("taffrail_kafka_requests_failed",
                    "Requests answered by an error as a whole", request.failed(), "api",
                    request.api());
        }
        topics();
        lags(context.lags().get());
    }

    private void topics() {
        int topics = 0;
        int partitions = 0;
        int offline = 0;
        for (Topic topic : context.broker().topics().all()) {
            topics++;
            for (Partition partition : topic.partitions()) {
                partitions++;
                offline += partition.offline().isPresent() ? 1 : 0;
                if (scrape.perObject() && partition.offline().isEmpty()) {
                    partition(partition);
                }
            }
        }
        Families families = scrape.families();
        families.gauge("taffrail_topics", "Topics", topics);
        families.gauge("taffrail_partitions", "Partitions of topics", partitions);
        families.gauge("taffrail_partitions_offline", "Partitions whose log is not open", offline);
        families.gauge("taffrail_partitions_under_min_isr",
                "Partitions with too few replicas: none on one node", 0);
    }

    private void partition(Partition partition) {
        String[] labels = {"topic", partition.topic(), "partition",
            String.valueOf(partition.index())};
        Families families = scrape.families();
        families.counter("taffrail_partition_end_offset",
                "First offset behind the durable records", partition.log().durableEnd(), labels);
        families.gauge("taffrail_partition_start_offset", "First offset of the log",
                partition.log().startOffset(), labels);
        families.gauge("taffrail_partition_bytes", "Bytes of records",
                partition.log().sizeBytes(), labels);
    }

    private void lags(List<GroupLag> lags) {
        long nowMs = context.broker().clock().millis();
        Map<String, double[]> groups = new HashMap<>();
        for (GroupLag lag : lags) {
            double seconds = lag.waitingSinceMs().isPresent()
                    ? Math.max(0, nowMs - lag.waitingSinceMs().getAsLong()) / MS_PER_SECOND
                    : 0;
            if (scrape.perObject()) {
                String[] labels = {"group", lag.group(), "topic", lag.topic(), "partition",
                    String.valueOf(lag.partition())};
                scrape.families().gauge("taffrail_group_partition_lag_records",
                        "Records behind the committed offset of a group", lag.records(), labels);
                scrape.families().gauge("taffrail_group_partition_lag_seconds",
                        "Age of the first record that a group has not committed", seconds,
                        labels);
            }
            if (groups.size() < MAX_GROUPS || groups.containsKey(lag.group())) {
                double[] sums = groups.computeIfAbsent(lag.group(), _ -> new double[2]);
                sums[0] += lag.records();
                sums[1] = Math.max(sums[1], seconds);
            }
        }
        groups.forEach((group, sums) -> {
            scrape.families().gauge("taffrail_group_lag_records",
                    "Records behind the committed offsets of a group", sums[0], "group", group);
            scrape.families().gauge("taffrail_group_lag_seconds",
                    "Age of the oldest record that a group has not committed", sums[1], "group",
                    group);
        });
        MemoryAndLoops.add(scrape.families(), context.loops());
    }
}
