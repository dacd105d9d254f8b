package io.taffrail.bench.workload;

import io.taffrail.bench.measure.ClientJvm;
import io.taffrail.bench.report.Readings;
import java.io.IOException;

/** One run of Kafka's ConsumerPerformance tool, from the start of a topic filled in advance. */
public record Consume(int recordBytes, long defaultRecords) implements Load {
    @Override
    public void prepare(Session session, Variant variant, long records)
            throws IOException, InterruptedException {
        session.createTopic(topic(variant), 1, variant.settings());
        new Produce(recordBytes, records).send(session, topic(variant), records);
    }

    @Override
    public Readings run(Session session, Variant variant, long records)
            throws IOException, InterruptedException {
        Meter meter = Meter.start(session.broker());
        ClientJvm.Ended ended = ClientJvm.run(session.nextOutput(), Produce.LIMIT,
                "org.apache.kafka.tools.ConsumerPerformance", "--bootstrap-server",
                session.broker().bootstrap(), "--topic", topic(variant), "--num-records",
                Long.toString(records), "--group", "consume-" + System.nanoTime(), "--timeout",
                "60000");
        Readings readings = meter.stop(records, ended.use());
        ToolOutput.consumer(ended.lines(), records, readings);
        return readings;
    }

    private static String topic(Variant variant) {
        return "consume-" + variant.topicSuffix();
    }
}
