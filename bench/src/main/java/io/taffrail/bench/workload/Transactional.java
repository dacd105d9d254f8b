package io.taffrail.bench.workload;

import io.taffrail.bench.measure.ClientJvm;
import io.taffrail.bench.report.Readings;
import java.io.IOException;

/** A run of {@link TransactionalClient} on a new topic; latencies are those of commits. */
public record Transactional(int recordBytes, int partitions, int transactionMs,
        long defaultRecords) implements Load {
    @Override
    public Readings run(Session session, Variant variant, long records)
            throws IOException, InterruptedException {
        String topic = "transactions-" + System.nanoTime();
        session.createTopic(topic, partitions, variant.settings());
        Meter meter = Meter.start(session.broker());
        ClientJvm.Ended ended = ClientJvm.run(session.nextOutput(), Produce.LIMIT,
                TransactionalClient.class.getName(), session.broker().bootstrap(), topic,
                Integer.toString(recordBytes), Integer.toString(transactionMs),
                Long.toString(records));
        Readings readings = meter.stop(records, ended.use());
        session.deleteTopic(topic);
        ToolOutput.transactional(ended.lines(), records, readings);
        return readings;
    }
}
