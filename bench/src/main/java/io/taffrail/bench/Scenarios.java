package io.taffrail.bench;

import io.taffrail.bench.broker.Peer;
import io.taffrail.bench.report.Comparison;
import io.taffrail.bench.workload.Consume;
import io.taffrail.bench.workload.EndToEnd;
import io.taffrail.bench.workload.Paced;
import io.taffrail.bench.workload.PartitionRestart;
import io.taffrail.bench.workload.Produce;
import io.taffrail.bench.workload.Startup;
import io.taffrail.bench.workload.Variant;
import io.taffrail.bench.workload.Workload;
import java.util.List;
import java.util.Map;

/** The catalogue. */
final class Scenarios {
    private static final Variant TAFFRAIL_FSYNC = new Variant("Taffrail fsync", Peer.TAFFRAIL,
            Map.of("durability", "fsync"));
    private static final Variant TAFFRAIL_OS = new Variant("Taffrail os", Peer.TAFFRAIL,
            Map.of("durability", "os"));
    private static final Variant KAFKA = new Variant("Kafka", Peer.KAFKA, Map.of());
    private static final Variant KAFKA_FLUSH = new Variant("Kafka flush.messages=1", Peer.KAFKA,
            Map.of("flush.messages", "1"));
    private static final List<String> ROUND_ROBIN = List
            .of("partitioner.class=org.apache.kafka.clients.producer.RoundRobinPartitioner");

    static final List<Scenario> ALL = List.of(
            produce("produce-1k", "One producer, acks=all, 1 KB records, one partition",
                    new Produce(1024, 1_000_000)),
            produce("produce-100b", "One producer, acks=all, 100 B records, one partition",
                    new Produce(100, 5_000_000)),
            pair("consume-1k", "One consumer from the start of one partition, 1 KB records",
                    new Consume(1024, 3_000_000)),
            pair("consume-100b", "One consumer from the start of one partition, 100 B records",
                    new Consume(100, 10_000_000)),
            pair("e2e", "EndToEndLatency, acks=all, 100 B, one record at a time",
                    new EndToEnd(100, 5_000)),
            pair("paced-1k", "1,000 records/s of 1 KB, acks=all, linger.ms=0: send to receipt",
                    new Paced(1024, 1_000, 20_000)),
            pair("partitions-1000",
                    "One producer, acks=all, 1 KB records dealt round-robin to 1,000 partitions of a new topic",
                    new Produce(1024, 1_000, 200_000, false, ROUND_ROBIN)),
            pair("partitions-1000-kept", "The same into a topic that has taken such a run before",
                    new Produce(1024, 1_000, 200_000, true, ROUND_ROBIN)),
            pair("partitions-10000-restart",
                    "Restart with records in each of 10,000 partitions (10 topics of 1,000)",
                    new PartitionRestart(10, 1_000)),
            pair("startup",
                    "Start on a used data directory, until a record to an existing topic is acknowledged",
                    new Startup(false)),
            pair("idle", "At rest for 10 s after such a start and one record", new Startup(true)));

    private Scenarios() {}

    private static Scenario produce(String name, String description, Workload workload) {
        return new Scenario(name, description, workload,
                List.of(TAFFRAIL_FSYNC, KAFKA, TAFFRAIL_OS, KAFKA_FLUSH),
                List.of(compare(TAFFRAIL_FSYNC, KAFKA), compare(TAFFRAIL_OS, KAFKA),
                        compare(TAFFRAIL_FSYNC, KAFKA_FLUSH)));
    }

    private static Scenario pair(String name, String description, Workload workload) {
        return new Scenario(name, description, workload, List.of(TAFFRAIL_FSYNC, KAFKA),
                List.of(compare(TAFFRAIL_FSYNC, KAFKA)));
    }

    private static Comparison compare(Variant taffrail, Variant kafka) {
        return new Comparison(taffrail.name(), kafka.name());
    }
}
