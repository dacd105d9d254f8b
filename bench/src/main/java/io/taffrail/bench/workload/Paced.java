package io.taffrail.bench.workload;

import io.taffrail.bench.measure.ClientJvm;
import io.taffrail.bench.report.Readings;
import java.io.IOException;

/** A run of {@link PacedClient} at a fixed rate, after an uncounted warm-up. */
public record Paced(int recordBytes, int recordsPerSecond, long defaultRecords) implements Load {
    /** The client's JIT compiler is busy for about this long and would distort the measurement. */
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
