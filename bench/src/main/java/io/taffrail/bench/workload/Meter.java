package io.taffrail.bench.workload;

import io.taffrail.bench.broker.Broker;
import io.taffrail.bench.measure.ClientUse;
import io.taffrail.bench.measure.ProcFs;
import io.taffrail.bench.report.Metric;
import io.taffrail.bench.report.Readings;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Measures processor time from start to stop. A broker's work after its last response
 * belongs to the run, so {@link #stop} waits until the broker is quiet and includes
 * the processor time until then.
 */
final class Meter {
    private static final long QUIET_INTERVAL_MS = 250;
    private static final double QUIET_CORES = 0.1;
    private static final int QUIET_INTERVALS = 20;

    private final Broker broker;
    private final double brokerSeconds;
    private final double busySeconds;
    private final long startNs;

    private Meter(Broker broker) throws IOException {
        this.broker = broker;
        this.brokerSeconds = broker.cpuSeconds();
        this.busySeconds = ProcFs.machineBusySeconds();
        this.startNs = System.nanoTime();
    }

    /**
     * Writes dirty pages back, so that a run does not pay for earlier ones,
     * and starts the measurement.
     */
    static Meter start(Broker broker) throws IOException, InterruptedException {
        Process sync = new ProcessBuilder("sync").start();
        if (!sync.waitFor(120, TimeUnit.SECONDS)) {
            sync.destroyForcibly();
            throw new IOException("sync took more than 120 s");
        }
        awaitQuiet(broker);
        return new Meter(broker);
    }

    Readings stop(long records, ClientUse client) throws IOException, InterruptedException {
        double wallSeconds = (System.nanoTime() - startNs) / 1e9;
        double busyCores = (ProcFs.machineBusySeconds() - busySeconds) / wallSeconds;
        double brokerCores = (broker.cpuSeconds() - brokerSeconds) / wallSeconds;
        double clientCores = client.cpuSeconds() / wallSeconds;
        awaitQuiet(broker);
        broker.requireAlive();
        return new Readings()
                .with(Metric.BROKER_CPU_S_PER_MILLION,
                        (broker.cpuSeconds() - brokerSeconds) * 1e6 / records)
                .with(Metric.BROKER_CORES, brokerCores).with(Metric.CLIENT_CORES, clientCores)
                .with(Metric.CLIENT_THREAD_SHARE, client.busiestThreadShare())
                .with(Metric.OTHER_CORES, Math.max(0, busyCores - brokerCores - clientCores))
                .withBusiestClientThread(client.busiestThread());
    }

    private static void awaitQuiet(Broker broker) throws IOException, InterruptedException {
        for (int i = 0; i < QUIET_INTERVALS; i++) {
            double before = broker.cpuSeconds();
            TimeUnit.MILLISECONDS.sleep(QUIET_INTERVAL_MS);
            if ((broker.cpuSeconds() - before) * 1000 / QUIET_INTERVAL_MS < QUIET_CORES) {
                return;
            }
        }
    }
}
