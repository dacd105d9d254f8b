package io.taffrail.bench.workload;

import io.taffrail.bench.broker.Broker;
import io.taffrail.bench.broker.Launcher;
import io.taffrail.bench.broker.Probe;
import io.taffrail.bench.report.Metric;
import io.taffrail.bench.report.Readings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A start on a data directory that was used before: time to the first responses and, optionally,
 * memory and processor use when idle.
 *
 * @param restForMemory
 *            true to measure the idle broker, too
 */
public record Startup(boolean restForMemory) implements Lifecycle {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration REST = Duration.ofSeconds(10);
    private static final Duration QUICK_REST = Duration.ofSeconds(2);
    /** A first start may have to build the broker or its AOT cache. */
    static final Duration FIRST_LIMIT = Duration.ofMinutes(5);
    private static final String TOPIC = "startup";
    private static final byte[] VALUE = new byte[100];

    @Override
    public Readings run(Launcher launcher, Path homes, int port, boolean quick)
            throws IOException, InterruptedException {
        Path home = homes.resolve("startup-" + launcher.peer());
        if (!Files.exists(home)) {
            launcher.format(home);
            useOnce(launcher, home, port);
        }
        try (var broker = Broker.fork(launcher, home, port);
                var probe = Probe.connect(broker, LIMIT)) {
            probe.apiVersions();
            double answerMs = sinceForkMs(broker);
            probe.awaitLeaders(List.of(TOPIC), 1);
            probe.produce(TOPIC, 0, VALUE);
            var readings = new Readings().with(Metric.FIRST_ANSWER_MS, answerMs)
                    .with(Metric.FIRST_PRODUCE_MS, sinceForkMs(broker));
            if (restForMemory) {
                rest(broker, quick ? QUICK_REST : REST, readings);
            }
            return readings;
        }
    }

    private static void useOnce(Launcher launcher, Path home, int port)
            throws IOException, InterruptedException {
        try (var session = new Session(Broker.start(launcher, home, port, FIRST_LIMIT), home)) {
            session.createTopic(TOPIC, 1, Map.of());
        }
    }

    private static void rest(Broker broker, Duration rest, Readings readings)
            throws IOException, InterruptedException {
        double before = broker.cpuSeconds();
        Thread.sleep(rest);
        readings.with(Metric.RESIDENT_MIB, broker.residentMiB()).with(Metric.IDLE_CORES,
                (broker.cpuSeconds() - before) / rest.toSeconds());
    }

    private static double sinceForkMs(Broker broker) {
        return (System.nanoTime() - broker.forkedNs()) / 1e6;
    }
}
