package io.taffrail.bench.workload;

import io.taffrail.bench.measure.ClientJvm;
import io.taffrail.bench.report.Readings;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * RabbitMQ's PerfTest with one publisher of persistent messages,
 * on a new durable queue for each run.
 *
 * @param messageBytes
 *            size of a message
 * @param consumers
 *            0 for none, 1 for one on the queue, more for that many queues behind a fanout exchange
 *            with one consumer each
 * @param defaultRecords
 *            messages in a run, counted as consumed if there is a consumer
 * @param options
 *            PerfTest options of the publisher and the consumers
 */
public record PerfTest(int messageBytes, int consumers, long defaultRecords, List<String> options)
        implements
            Load {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @Override
    public Readings run(Session session, Variant variant, long records)
            throws IOException, InterruptedException {
        long published = Math.max(1, records / Math.max(1, consumers));
        var arguments = new ArrayList<>(List.of("--uri",
                "amqp://guest:guest@127.0.0.1:" + session.broker().port(), "--producers", "1",
                "--consumers", Integer.toString(consumers), "--flag", "persistent", "--size",
                Integer.toString(messageBytes), "--pmessages", Long.toString(published)));
        String name = "bench-" + System.nanoTime();
        if (consumers > 1) {
            arguments.addAll(List.of("--exchange", name, "--type", "fanout", "--auto-delete",
                    "false"));
        } else {
            arguments.addAll(List.of("--queue", name, "--auto-delete", "false"));
        }
        if (consumers > 0) {
            arguments.addAll(List.of("--cmessages", Long.toString(published)));
        }
        for (Map.Entry<String, String> argument : variant.settings().entrySet()) {
            arguments.addAll(List.of("--queue-args",
                    argument.getKey() + "=" + argument.getValue()));
        }
        arguments.addAll(options);
        Meter meter = Meter.start(session.broker());
        ClientJvm.Ended ended = ClientJvm.runOf(System.getProperty("bench.perftest") + "/*",
                session.nextOutput(), LIMIT, "com.rabbitmq.perf.PerfTest",
                arguments.toArray(String[]::new));
        Readings readings = meter.stop(records, ended.use());
        ToolOutput.perfTest(ended.lines(), consumers > 0, readings);
        return readings;
    }
}
