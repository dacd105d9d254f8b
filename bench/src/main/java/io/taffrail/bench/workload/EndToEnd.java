package io.taffrail.bench.workload;

import io.taffrail.bench.measure.ClientJvm;
import io.taffrail.bench.report.Readings;
import java.io.IOException;

/**
 * Kafka's EndToEndLatency tool with {@code acks=all}: sends one record at a time and waits
 * until it is received.
 */
public record EndToEnd(int recordBytes, long defaultRecords) implements Load {
    @Override
    public Readings run(Session session, Variant variant, long records)
            throws IOException, InterruptedException {
        String topic = "e2e-" + System.nanoTime();
        session.createTopic(topic, 1, variant.settings());
        Meter meter = Meter.start(session.broker());
        ClientJvm.Ended ended = ClientJvm.run(session.nextOutput(), Produce.LIMIT,
                "org.apache.kafka.tools.EndToEndLatency", "--bootstrap-server",
                session.broker().bootstrap(), "--topic", topic, "--num-records",
                Long.toString(records),
                "--producer-acks", "all", "--record-size", Integer.toString(recordBytes));
        Readings readings = meter.stop(records, ended.use());
        session.deleteTopic(topic);
        ToolOutput.endToEnd(ended.lines(), readings);
        return readings;
    }
}
