package io.taffrail.bench;

import io.taffrail.bench.broker.KafkaLauncher;
import io.taffrail.bench.broker.Launcher;
import io.taffrail.bench.broker.Peer;
import io.taffrail.bench.broker.RabbitLauncher;
import io.taffrail.bench.broker.TaffrailLauncher;
import io.taffrail.bench.report.Machine;
import io.taffrail.bench.report.Run;
import io.taffrail.bench.report.Summary;
import io.taffrail.bench.report.Table;
import io.taffrail.bench.workload.PerfTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The {@code bench/run} command. */
@Command(name = "bench/run", mixinStandardHelpOptions = true, sortOptions = false, subcommands = ServeKafka.class, showDefaultValues = true, description = {
    "Runs Kafka's perf tools against Taffrail and a real Apache Kafka 4.3.1 in turn, A B A B, on the same JDK, and RabbitMQ's PerfTest against Taffrail and an installed RabbitMQ; prints medians, ratios and raw pairs.",
    "In the load scenarios both brokers are up and the one not measured is idle; see the scenario 'idle' for what that costs. In startup, idle and restart scenarios one broker runs at a time. Dirty pages are written back before each run.",
    ""})
public final class Bench implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "SCENARIO", completionCandidates = ScenarioNames.class, showDefaultValue = CommandLine.Help.Visibility.NEVER, description = "Scenarios to run; all if none is given. One of: ${COMPLETION-CANDIDATES}")
    private List<String> names = List.of();

    @Option(names = "--pairs", paramLabel = "N", defaultValue = "5", description = "Measured runs of each variant.")
    private int pairs;

    @Option(names = "--records", paramLabel = "N", description = "Records per run instead of each scenario's own count.")
    private @Nullable Long records;

    @Option(names = "--quick", description = "Run one pair with a twentieth of the records: a smoke test, not a measurement.")
    private boolean quick;

    @Option(names = "--only", paramLabel = "BROKER", description = "Run only taffrail, kafka or rabbitmq.")
    private @Nullable Peer only;

    @Option(names = "--kafka-restart", description = "Include Kafka in partitions-10000-restart.")
    private boolean kafkaRestart;

    @Option(names = "--taffrail", paramLabel = "FILE", defaultValue = "${sys:bench.taffrail}", description = "Taffrail's launcher script.")
    private Path taffrail = Path.of("taffrail");

    @Option(names = "--out", paramLabel = "DIR", defaultValue = "${sys:bench.out}", description = "Directory for runs.jsonl, report.md and report.txt.")
    private Path out = Path.of("results");

    @Option(names = "--work", paramLabel = "DIR", defaultValue = "${sys:java.io.tmpdir}", description = "Parent of the temporary data directories: the disk that is measured.")
    private Path work = Path.of("/tmp");

    @Option(names = "--keep", description = "Keep the temporary directories.")
    private boolean keep;

    private final StringBuilder markdown = new StringBuilder();
    private final StringBuilder plain = new StringBuilder();

    public static void main(String[] args) {
        var commandLine = new CommandLine(new Bench()).setCaseInsensitiveEnumValuesAllowed(true);
        System.exit(commandLine.execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Scenario> scenarios = chosen();
        Files.createDirectories(out);
        Files.deleteIfExists(out.resolve("runs.jsonl"));
        Path directory = WorkDirectory.create(work, keep).path();
        say("", Machine.describe(directory) + "\n");
        var failed = new ArrayList<String>();
        for (Scenario scenario : scenarios) {
            try {
                report(scenario, runner(scenario).run(scenario, directory));
            } catch (IOException | RuntimeException failure) {
                System.err.println("FAILED " + scenario.name() + ": " + failure);
                failed.add(scenario.name());
            }
            Files.writeString(out.resolve("report.md"), markdown);
            Files.writeString(out.resolve("report.txt"), plain);
        }
        if (!failed.isEmpty()) {
            System.err.println("failed: " + String.join(", ", failed));
            return 1;
        }
        return 0;
    }

    private List<Scenario> chosen() {
        var all = Scenarios.ALL;
        for (String name : names) {
            if (all.stream().noneMatch(scenario -> scenario.name().equals(name))) {
                throw new CommandLine.ParameterException(new CommandLine(this),
                        "unknown scenario " + name + "; known are "
                                + String.join(", ", new ScenarioNames()));
            }
        }
        return all.stream().filter(s -> names.isEmpty() || names.contains(s.name())).toList();
    }

    private Runner runner(Scenario scenario) {
        var random = new Random();
        Map<Peer, Launcher> launchers = new EnumMap<>(Peer.class);
        launchers.put(Peer.TAFFRAIL,
                new TaffrailLauncher(taffrail, scenario.workload() instanceof PerfTest));
        launchers.put(Peer.KAFKA, new KafkaLauncher(random));
        launchers.put(Peer.RABBITMQ, new RabbitLauncher(random));
        launchers.keySet().retainAll(scenario.peers());
        if (only != null) {
            launchers.keySet().retainAll(List.of(only));
        } else if (scenario.name().equals("partitions-10000-restart") && !kafkaRestart) {
            launchers.remove(Peer.KAFKA);
        }
        return new Runner(launchers, quick ? 1 : pairs,
                records == null ? OptionalLong.empty() : OptionalLong.of(records), quick,
                this::record,
                random);
    }

    private void record(Run run) {
        try {
            Files.writeString(out.resolve("runs.jsonl"), run.json() + "\n",
                    StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        System.err.println(run.json());
    }

    private void report(Scenario scenario, List<Run> runs) {
        var summary = new Summary(runs);
        say("### ", scenario.name() + ": " + scenario.description() + "\n");
        var tables = scenario.comparisons().stream().flatMap(c -> summary.comparison(c).stream())
                .toList();
        if (tables.isEmpty()) {
            tables = runs.stream().map(Run::variant).distinct().map(summary::alone).toList();
        }
        tables.forEach(this::say);
    }

    private void say(Table table) {
        markdown.append(table.markdown()).append('\n');
        plain.append(table.plain()).append('\n');
        System.out.println(table.plain());
    }

    private void say(String markdownPrefix, String text) {
        markdown.append(markdownPrefix).append(text).append('\n');
        plain.append(text).append('\n');
        System.out.println(text);
    }

    /** The scenario names, for the help text. */
    static final class ScenarioNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Scenarios.ALL.stream().map(Scenario::name).iterator();
        }
    }
}
