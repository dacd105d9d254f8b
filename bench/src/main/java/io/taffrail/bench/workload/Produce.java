package io.taffrail.bench.workload;

import io.taffrail.bench.measure.ClientJvm;
import io.taffrail.bench.report.Readings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of Kafka's ProducerPerformance tool at full speed, with {@code acks=all}.
 *
 * @param recordBytes
 *            size of a record
 * @param partitions
 *            partitions of the topic
 * @param defaultRecords
 *            records in a run
 * @param keepsTopic
 *            true to use one topic for all runs including the warm-up, false for a new topic each
 * @param producerProperties
 *            properties that differ from the producer's defaults
 */
public record Produce(int recordBytes, int partitions, long defaultRecords, boolean keepsTopic,
        List<String> producerProperties) implements Load {
    static final Duration LIMIT = Duration.ofMinutes(5);

    public Produce(int recordBytes, long defaultRecords) {
        this(recordBytes, 1, defaultRecords, false, List.of());
    }

    @Override
    public void prepare(Session session, Variant variant, long records)
            throws IOException, InterruptedException {
        if (keepsTopic) {
            session.createTopic(keptTopic(variant), partitions, variant.settings());
        }
    }

    @Override
    public Readings run(Session session, Variant variant, long records)
            throws IOException, InterruptedException {
        String topic = keepsTopic ? keptTopic(variant) : "produce-" + System.nanoTime();
        if (!keepsTopic) {
            session.createTopic(topic, partitions, variant.settings());
        }
        Meter meter = Meter.start(session.broker());
        ClientJvm.Ended ended = send(session, topic, records);
        Readings readings = meter.stop(records, ended.use());
        if (!keepsTopic) {
            session.deleteTopic(topic);
        }
        ToolOutput.producer(ended.lines(), records, readings);
        return readings;
    }

    private static String keptTopic(Variant variant) {
        return "produce-" + variant.topicSuffix();
    }

    ClientJvm.Ended send(Session session, String topic, long records)
            throws IOException, InterruptedException {
        var arguments = new ArrayList<String>(List.of("--topic", topic, "--num-records",
                Long.toString(records), "--record-size", Integer.toString(recordBytes),
                "--throughput", "-1",
                "--command-property", "bootstrap.servers=" + session.broker().bootstrap(),
                "acks=all"));
        arguments.addAll(producerProperties);
        return ClientJvm.run(session.nextOutput(), LIMIT,
                "org.apache.kafka.tools.ProducerPerformance", arguments.toArray(String[]::new));
    }
}
