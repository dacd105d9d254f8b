package io.taffrail.bench.workload;

import io.taffrail.bench.measure.ClientJvm;
import io.taffrail.bench.report.Readings;
import java.io.IOException;

/** {@link PacedClient} at a fixed rate, its first tenth not counted. */
public record Paced(int recordBytes, int recordsPerSecond, long defaultRecords) implements Load {
    /** The client's own compiler is busy for about so long, and would be what is measured. */
    private static final int WARMUP_SECONDS = 12;

    @Override
    public Readings run(Session session, Variant variant, long records)
            throws IOException, InterruptedException {
        String topic = "paced-" + System.nanoTime();
        session.createTopic(topic, 1, variant.settings());
        long warmup = (long) WARMUP_SECONDS * recordsPerSecond;
        Meter meter = Meter.start(session.broker());
        ClientJvm.Ended ended = ClientJvm.run(session.nextOutput(), Produce.LIMIT,
                PacedClient.class.getName(), session.broker().bootstrap(), topic,
                Integer.toString(recordBytes), Integer.toString(recordsPerSecond),
                Long.toString(warmup),
                Long.toString(records));
        Readings readings = meter.stop(warmup + records, ended.use());
        session.deleteTopic(topic);
        ToolOutput.paced(ended.lines(), records, readings);
        return readings;
    }
}
