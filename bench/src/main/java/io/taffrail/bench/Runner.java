package io.taffrail.bench;

import io.taffrail.bench.broker.Broker;
import io.taffrail.bench.broker.Launcher;
import io.taffrail.bench.broker.Peer;
import io.taffrail.bench.broker.Ports;
import io.taffrail.bench.report.Readings;
import io.taffrail.bench.report.Run;
import io.taffrail.bench.workload.Lifecycle;
import io.taffrail.bench.workload.Load;
import io.taffrail.bench.workload.Session;
import io.taffrail.bench.workload.Variant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Runs the variants of one scenario in turn, round after round.
 *
 * @param launchers
 *            launchers of the brokers that take part
 * @param rounds
 *            measured runs of each variant
 * @param records
 *            records in a run; empty for the scenario's default
 * @param quick
 *            true for a smoke test with fewer records
 * @param sink
 *            receives each run as soon as it ends
 * @param random
 *            source of free port numbers
 */
record Runner(Map<Peer, Launcher> launchers, int rounds, OptionalLong records, boolean quick,
        Consumer<Run> sink, RandomGenerator random) {
    private static final Duration START_LIMIT = Duration.ofMinutes(5);
    private static final int QUICK_DIVISOR = 20;
    private static final int WARMUP_DIVISOR = 5;

    /**
     * Runs the scenario and returns all measured runs.
     *
     * @param work
     *            directory for the brokers' homes, deleted afterwards
     */
    List<Run> run(Scenario scenario, Path work) throws IOException, InterruptedException {
        List<Variant> variants = scenario.variants().stream()
                .filter(variant -> launchers.containsKey(variant.peer())).toList();
        Path home = Files.createDirectories(work.resolve(scenario.name()));
        List<Run> runs = switch (scenario.workload()) {
            case Load load -> onWarmBrokers(scenario.name(), load, variants, home);
            case Lifecycle lifecycle -> onOwnBrokers(scenario.name(), lifecycle, variants, home);
        };
        WorkDirectory.delete(home);
        return runs;
    }

    private List<Run> onWarmBrokers(String name, Load load, List<Variant> variants, Path home)
            throws IOException, InterruptedException {
        long count = records
                .orElse(quick ? load.defaultRecords() / QUICK_DIVISOR : load.defaultRecords());
        var sessions = new EnumMap<Peer, Session>(Peer.class);
        try {
            for (Launcher launcher : launchers.values()) {
                sessions.put(launcher.peer(), session(launcher, home));
            }
            for (Variant variant : variants) {
                Session session = sessions.get(variant.peer());
                load.prepare(session, variant, count);
                load.run(session, variant, Math.max(1, count / WARMUP_DIVISOR));
            }
            return rounds(name, variants,
                    variant -> load.run(sessions.get(variant.peer()), variant, count));
        } finally {
            for (Session session : sessions.values()) {
                session.close();
            }
        }
    }

    private Session session(Launcher launcher, Path homes)
            throws IOException, InterruptedException {
        Path home = homes.resolve(launcher.peer().toString());
        launcher.format(home);
        return new Session(Broker.start(launcher, home, Ports.free(random), START_LIMIT), home);
    }

    private List<Run> onOwnBrokers(String name, Lifecycle lifecycle, List<Variant> variants,
            Path home) throws IOException, InterruptedException {
        return rounds(name, variants,
                variant -> lifecycle.run(launchers.get(variant.peer()), home, Ports.free(random),
                        quick));
    }

    private List<Run> rounds(String name, List<Variant> variants, OneRun work)
            throws IOException, InterruptedException {
        var runs = new ArrayList<Run>();
        for (int round = 1; round <= rounds; round++) {
            for (Variant variant : variants) {
                Readings readings = work.on(variant);
                var run = new Run(name, variant.name(), variant.peer(), round, readings);
                sink.accept(run);
                runs.add(run);
            }
        }
        return runs;
    }

    /** One run of a scenario's work on one variant. */
    @FunctionalInterface
    private interface OneRun {
        Readings on(Variant variant) throws IOException, InterruptedException;
    }
}
