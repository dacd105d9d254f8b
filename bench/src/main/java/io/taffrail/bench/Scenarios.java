package io.taffrail.bench;

import io.taffrail.bench.broker.Peer;
import io.taffrail.bench.report.Comparison;
import io.taffrail.bench.workload.Consume;
import io.taffrail.bench.workload.EndToEnd;
import io.taffrail.bench.workload.Paced;
import io.taffrail.bench.workload.PartitionRestart;
import io.taffrail.bench.workload.PerfTest;
import io.taffrail.bench.workload.Produce;
import io.taffrail.bench.workload.Startup;
import io.taffrail.bench.workload.Transactional;
import io.taffrail.bench.workload.Variant;
import io.taffrail.bench.workload.WordCount;
import io.taffrail.bench.workload.Workload;
import java.util.List;
import java.util.Map;

/** The catalogue of scenarios. */
final class Scenarios {
    private static final Variant TAFFRAIL_FSYNC = new Variant("Taffrail fsync", Peer.TAFFRAIL,
            Map.of("durability", "fsync"));
    private static final Variant TAFFRAIL_OS = new Variant("Taffrail os", Peer.TAFFRAIL,
            Map.of("durability", "os"));
    private static final Variant KAFKA = new Variant("Kafka", Peer.KAFKA, Map.of());
    private static final Variant KAFKA_FLUSH = new Variant("Kafka flush.messages=1", Peer.KAFKA,
            Map.of("flush.messages", "1"));
    private static final Variant TAFFRAIL = new Variant("Taffrail fsync", Peer.TAFFRAIL, Map.of());
    private static final Variant CLASSIC = new Variant("RabbitMQ classic", Peer.RABBITMQ, Map.of());
    private static final Variant QUORUM = new Variant("RabbitMQ quorum", Peer.RABBITMQ,
            Map.of("x-queue-type", "quorum"));
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
            pair("paced-1k",
                    "1,000 records/s of 1 KB, acks=all, linger.ms=0: latency from send to receipt",
                    new Paced(1024, 1_000, 20_000)),
            pair("partitions-1000",
                    "One producer, acks=all, 1 KB records, round-robin to 1,000 partitions of a new topic",
                    new Produce(1024, 1_000, 200_000, false, ROUND_ROBIN)),
            pair("partitions-1000-kept",
                    "As partitions-1000, into a topic that an earlier run has filled",
                    new Produce(1024, 1_000, 200_000, true, ROUND_ROBIN)),
            pair("partitions-10000-restart",
                    "Restart with records in each of 10,000 partitions (10 topics of 1,000)",
                    new PartitionRestart(10, 1_000)),
            pair("transactions",
                    "Transactions of 100 ms, acks=all, 1 KB records, 3 partitions; latency of commits",
                    new Transactional(1024, 3, 100, 500_000)),
            pair("streams",
                    "Word count of Kafka Streams, exactly_once_v2, from its start to the last count",
                    new WordCount(5_000_000)),
            pair("startup",
                    "Start on a used data directory, until a record to an existing topic is acknowledged",
                    new Startup(false)),
            pair("idle", "Idle for 10 s after such a start and one record", new Startup(true)),
            publish("amqp-publish-100", "Publish 12 B with 100 confirms in flight",
                    new PerfTest(12, 0, 1_000_000, confirms(100))),
            publish("amqp-publish-1000", "Publish 12 B with 1,000 confirms in flight",
                    new PerfTest(12, 0, 1_000_000, confirms(1_000))),
            publish("amqp-publish-1000-1k", "Publish 1 KB with 1,000 confirms in flight",
                    new PerfTest(1024, 0, 500_000, confirms(1_000))),
            publish("amqp-both-100", "Publish 12 B, 100 confirms, and consume, an ack for 100",
                    new PerfTest(12, 1, 1_000_000, acks(100))),
            publish("amqp-both-1000", "Publish 12 B, 1,000 confirms, and consume, an ack for 100",
                    new PerfTest(12, 1, 1_000_000, acks(1_000))),
            publish("amqp-both-1000-1k",
                    "Publish 1 KB, 1,000 confirms, and consume, an ack for 100",
                    new PerfTest(1024, 1, 500_000, acks(1_000))),
            queue("amqp-auto-ack", "Publish 12 B without confirms and consume with auto-ack",
                    new PerfTest(12, 1, 2_000_000, List.of("--autoack"))),
            queue("amqp-auto-ack-1k", "Publish 1 KB without confirms and consume with auto-ack",
                    new PerfTest(1024, 1, 1_000_000, List.of("--autoack"))),
            queue("amqp-fanout", "Publish 100 B, 100 confirms, to 10 queues, consume with auto-ack",
                    new PerfTest(100, 10, 3_000_000, List.of("--autoack", "--confirm", "100"))),
            queue("amqp-paced-1k",
                    "5,000 messages/s of 1 KB, confirms, one ack each: latency from send to receipt",
                    new PerfTest(1024, 1, 100_000, List.of("--rate", "5000", "--confirm", "1000",
                            "--qos", "1000"))));

    private Scenarios() {}

    private static Scenario produce(String name, String description, Workload workload) {
        return new Scenario(name, description, workload,
                List.of(TAFFRAIL_FSYNC, KAFKA, TAFFRAIL_OS, KAFKA_FLUSH),
                List.of(compare(TAFFRAIL_FSYNC, KAFKA), compare(TAFFRAIL_OS, KAFKA),
                        compare(TAFFRAIL_FSYNC, KAFKA_FLUSH)));
    }

    private static List<String> confirms(int inFlight) {
        return List.of("--confirm", Integer.toString(inFlight));
    }

    private static List<String> acks(int inFlight) {
        return List.of("--confirm", Integer.toString(inFlight), "--qos", "1000",
                "--multi-ack-every", "100");
    }

    private static Scenario publish(String name, String description, Workload workload) {
        return new Scenario(name, description, workload, List.of(TAFFRAIL, CLASSIC, QUORUM),
                List.of(compare(TAFFRAIL, CLASSIC), compare(TAFFRAIL, QUORUM)));
    }

    private static Scenario queue(String name, String description, Workload workload) {
        return new Scenario(name, description, workload, List.of(TAFFRAIL, CLASSIC),
                List.of(compare(TAFFRAIL, CLASSIC)));
    }

    private static Scenario pair(String name, String description, Workload workload) {
        return new Scenario(name, description, workload, List.of(TAFFRAIL_FSYNC, KAFKA),
                List.of(compare(TAFFRAIL_FSYNC, KAFKA)));
    }

    private static Comparison compare(Variant taffrail, Variant other) {
        return new Comparison(taffrail.name(), other.name());
    }
}
