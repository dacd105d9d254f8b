package io.taffrail.cli.verify;

import io.taffrail.cli.logging.Logging;
import io.taffrail.cli.terminal.Debug;
import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.Failure;
import io.taffrail.cli.terminal.HelpOption;
import io.taffrail.verify.Plan;
import io.taffrail.verify.Target;
import io.taffrail.verify.Verification;
import io.taffrail.verify.broker.ControlException;
import io.taffrail.verify.broker.Preset;
import io.taffrail.verify.check.Findings;
import io.taffrail.verify.load.WorkloadException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Records a history of real clients while faults are injected, and checks it. */
@Command(name = "verify", subcommands = CheckHistory.class, description = {
    "Checks what a broker promises: real clients write and read while faults happen, then everything is compared with what was acknowledged.",
    "Against a broker that runs: --kafka or --amqp. With one that it starts: --broker or --start."}, exitCodeListHeading = "%nExit codes:%n", exitCodeList = {
        "0:no anomaly", "1:anomalies", "2:wrong usage", "12:it could not run, or not to its end"})
public final class VerifyCommand implements Callable<Integer> {

    @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "A Kafka broker that runs.")
    private Optional<String> kafka = Optional.empty();

    @Option(names = "--amqp", paramLabel = "HOST:PORT", description = "An AMQP 0-9-1 broker that runs; or amqp://USER:PASSWORD@HOST:PORT/VHOST.")
    private Optional<String> amqp = Optional.empty();

    @Option(names = "--pid", paramLabel = "PID", description = "Process of that broker, for the fault stop.")
    private Optional<Long> pid = Optional.empty();

    @Mixin
    private BrokerOptions broker = new BrokerOptions();

    @Mixin
    private LoadOptions load = new LoadOptions();

    @Mixin
    private FaultOptions faults = new FaultOptions();

    @Option(names = "--duration", paramLabel = "TIME", defaultValue = "30 s", description = "How long clients work, faults included; at least one fault happens (default: ${DEFAULT-VALUE}).")
    private Duration duration = Duration.ofSeconds(30);

    @Option(names = "--seed", paramLabel = "N", description = "Repeat the moments and the order of faults of another run.")
    private Optional<Long> seed = Optional.empty();

    @Option(names = "--history", paramLabel = "FILE", description = "Keep the history there (default: it goes with the run).")
    private Optional<Path> history = Optional.empty();

    @Option(names = "--report", paramLabel = "FILE", description = "Write the report there too; numbers as one line of JSON if the name ends in .json.")
    private Optional<Path> report = Optional.empty();

    @Option(names = "--work-dir", paramLabel = "DIR", description = "Where the broker that is started keeps data and logs; it is kept if named (default: a temporary one).")
    private Optional<Path> workDir = Optional.empty();

    @Mixin
    Debug debug = new Debug();

    @Mixin
    HelpOption help = new HelpOption();

    @Override
    public Integer call() throws IOException, InterruptedException {
        Target target = target();
        long seedValue = seed.orElseGet(() -> new Random().nextLong(0, 1L << 40));
        if (!Debug.on()) {
            // The clients would log an error for every injected fault.
            Logging.silence();
        }
        try (WorkDirectory dir = WorkDirectory.of(workDir)) {
            Path file = history.orElse(dir.path().resolve("history.jsonl"));
            Plan plan = new Plan(target, load.settings(seedValue), faults.faults(), duration,
                    seedValue, dir.path(), file);
            plan.problem().ifPresent(problem -> {
                throw Failure.usage(problem);
            });
            Findings findings = run(plan, dir);
            return Reports.write(target.description() + "  seed " + seedValue, seedValue,
                    findings, report);
        } catch (ControlException | WorkloadException e) {
            throw new Failure(ExitCode.NO_VERDICT, String.valueOf(e.getMessage()), e);
        }
    }

    private static Findings run(Plan plan, WorkDirectory dir) throws InterruptedException {
        Verification verification = new Verification(plan, System::nanoTime,
                line -> System.err.println("verify: " + line));
        Thread hook = new Thread(() -> giveUp(verification, dir), "verify cleanup");
        Runtime.getRuntime().addShutdownHook(hook);
        try (verification) {
            System.err.println("verify: " + plan.target().description() + ", seed " + plan.seed());
            return verification.run();
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The JVM is exiting, and the shutdown hook is running.
                System.err.println("verify: given up");
            }
        }
    }

    /** Stops the broker and unmounts its disk, so that Ctrl-C leaves neither behind. */
    private static void giveUp(Verification verification, WorkDirectory dir) {
        verification.close();
        try {
            dir.close();
        } catch (IOException e) {
            System.err.println("taffrail: cannot delete " + dir.path() + ": " + e);
        }
    }

    private Target target() {
        Optional<Preset> preset = broker.preset();
        boolean named = kafka.isPresent() || amqp.isPresent();
        if (named == preset.isPresent()) {
            throw Failure.usage("name either a broker that runs (--kafka, --amqp) or one to start"
                    + " (--broker, --start)");
        }
        if (pid.isPresent() && preset.isPresent()) {
            throw Failure.usage("--pid is for a broker that runs");
        }
        if (workDir.isPresent() && preset.isEmpty()) {
            throw Failure.usage("--work-dir is for a broker that is started");
        }
        return new Target(kafka, amqp, pid, preset, load.queues());
    }
}
