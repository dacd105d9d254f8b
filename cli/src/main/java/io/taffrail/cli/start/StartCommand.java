package io.taffrail.cli.start;

import io.taffrail.cli.config.Config;
import io.taffrail.cli.config.ConfigSources;
import io.taffrail.cli.logging.Logging;
import io.taffrail.cli.server.Configuration;
import io.taffrail.cli.server.OpenFileLimit;
import io.taffrail.cli.server.ServerConfig;
import io.taffrail.cli.server.Taffrail;
import io.taffrail.cli.server.TaffrailOptions;
import io.taffrail.cli.terminal.Debug;
import io.taffrail.cli.terminal.ExitCode;
import io.taffrail.cli.terminal.Failure;
import io.taffrail.cli.terminal.HelpOption;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.config.HostPort;
import io.taffrail.log.local.DataDirectoryLockedException;
import io.taffrail.net.CannotListenException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the broker in the foreground until the process is stopped. */
@Command(name = "start", description = {"Runs the broker in the foreground.",
    "Ctrl-C or SIGTERM stops it cleanly, with exit code 0, within stop.timeout; a second one ends it"
            + " at once. If the disk fails it ends at once, with exit code 8, and with 9 (or 3) if it has"
            + " no memory left or its state can no longer be trusted; the next start recovers what was"
            + " acknowledged."})
public final class StartCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(StartCommand.class);
    /** Time for log lines that wait to be written as the process ends, in milliseconds. */
    private static final long LAST_LINES_MS = 1_000;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Where everything is stored (key data.dir; default: ./taffrail-data).")
    private Optional<String> dataDir = Optional.empty();

    @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "Address for Kafka clients (key kafka.listener; default: 127.0.0.1:9092); port 0 takes any free one, 0.0.0.0 all interfaces.")
    private Optional<String> kafka = Optional.empty();

    @Option(names = "--amqp", paramLabel = "HOST:PORT", description = "Address for AMQP 0-9-1 clients (key amqp.listener; default: 127.0.0.1:5672, where nobody else listens); port 0 takes any free one, 0.0.0.0 all interfaces.")
    private Optional<String> amqp = Optional.empty();

    @Option(names = "--http", paramLabel = "HOST:PORT", description = "Address for RabbitMQ's management API (key http.listener; default: 127.0.0.1:15672, where nobody else listens); port 0 takes any free one, 0.0.0.0 all interfaces.")
    private Optional<String> http = Optional.empty();

    @Option(names = "--insecure", description = "Listen where other machines can connect though nobody is asked for credentials (key insecure): everybody who reaches it may then do everything.")
    private boolean insecure;

    @Option(names = "--config", paramLabel = "FILE", description = "Configuration file of key = value lines.")
    private Optional<String> file = Optional.empty();

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Set a configuration key; 'taffrail config' lists them. The later wins: file, environment, --set and flags.")
    private List<String> settings = new ArrayList<>();

    @Mixin
    Debug debug = new Debug();

    @Mixin
    HelpOption help = new HelpOption();

    /**
     * Parses simple arguments without picocli, whose classes cannot be stored in the JVM's
     * cache and delay a start by about 0.15 s. Empty for arguments that need picocli,
     * including invalid ones.
     */
    public static Optional<StartCommand> of(List<String> args) {
        StartCommand command = new StartCommand();
        Iterator<String> words = args.iterator();
        while (words.hasNext()) {
            String option = words.next();
            if (option.equals("--insecure")) {
                command.insecure = true;
                continue;
            }
            String value = words.hasNext() ? words.next() : "-";
            if (value.startsWith("-")) {
                return Optional.empty();
            }
            switch (option) {
                case "--data-dir" -> command.dataDir = Optional.of(value);
                case "--kafka" -> command.kafka = Optional.of(value);
                case "--amqp" -> command.amqp = Optional.of(value);
                case "--http" -> command.http = Optional.of(value);
                case "--config" -> command.file = Optional.of(value);
                case "--set" -> command.settings.add(value);
                default -> {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(command);
    }

    @Override
    public Integer call() throws InterruptedException {
        FailStopExit.install();
        enoughFiles(OpenFileLimit.ofProcess());
        Taffrail running = open();
        Logging.writeAside();
        Stopping stopping = new Stopping(running, running.stopTimeout(), StartCommand::say,
                StartCommand::halt);
        running.onStorageFailure(stopping::crash);
        Runtime.getRuntime().addShutdownHook(new Thread(stopping::atExit, "taffrail-exit"));
        Signals.handle(stopping::signal);
        announce(running);
        String manager = System.getenv(ServiceManager.ADDRESS);
        if (manager != null) {
            ServiceManager.ready(manager);
        }
        Logging.prepare();
        new CountDownLatch(1).await();
        return ExitCode.OK;
    }

    static void enoughFiles(OpenFileLimit limit) {
        if (limit.most() < OpenFileLimit.LEAST) {
            throw new Failure(ExitCode.FAILURE, "this process may open " + limit.most()
                    + " files (ulimit -n); a broker needs " + OpenFileLimit.LEAST
                    + " at least, and one for each connection");
        }
    }

    /** Reads the configuration and starts the broker. */
    Taffrail open() {
        Config config = config();
        if (!Debug.on()) {
            Logging.threshold(Logging
                    .level(config.get(ServerConfig.class).loggingLevel().name()));
        }
        return start(config);
    }

    private Config config() {
        ConfigSources sources = new ConfigSources(Configuration.catalog());
        file.ifPresent(name -> sources.file(path(name)));
        sources.environment(System.getenv());
        settings.forEach(setting -> sources.assignment(setting, "--set"));
        dataDir.ifPresent(dir -> sources.set("data.dir", dir, "--data-dir"));
        if (insecure) {
            sources.set("insecure", "true", "--insecure");
        }
        kafka.ifPresent(address -> sources.set("kafka.listener", address, "--kafka"));
        amqp.ifPresent(address -> sources.set("amqp.listener", address, "--amqp"));
        http.ifPresent(address -> sources.set("http.listener", address, "--http"));
        Config config = sources.read();
        sources.warnings().forEach(warning -> LOG.warn("SEC-004 {}", warning));
        return config;
    }

    private static Path path(String file) {
        try {
            return Path.of(file);
        } catch (InvalidPathException e) {
            throw new Failure(ExitCode.USAGE, "--config: '" + file + "' is not a path", e);
        }
    }

    private static Taffrail start(Config config) {
        try {
            return Taffrail.start(TaffrailOptions.of(config));
        } catch (DataDirectoryLockedException e) {
            throw new Failure(ExitCode.DATA_IN_USE, String.valueOf(e.getMessage()), e);
        } catch (IllegalArgumentException e) {
            // A value of the correct type that is out of range or conflicts with another value.
            throw new Failure(ExitCode.USAGE, "configuration: " + e.getMessage(), e);
        } catch (LogFailedException e) {
            throw new Failure(ExitCode.FAILURE, String.valueOf(e.getMessage()), e);
        } catch (CannotListenException e) {
            throw new Failure(ExitCode.CANNOT_LISTEN, String.valueOf(e.getMessage()), e);
        } catch (UncheckedIOException e) {
            StringBuilder message = new StringBuilder();
            for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
                message.append(message.isEmpty() ? "" : ": ").append(cause.getMessage());
            }
            throw new Failure(ExitCode.FAILURE, message.toString(), e);
        }
    }

    static void announce(Taffrail running) {
        say("taffrail  pid " + ProcessHandle.current().pid());
        say("data directory  " + running.dataDir().map(Path::toString).orElse("none"));
        say("durability  " + switch (running.durability()) {
            case FSYNC -> "fsync: acknowledged means forced to disk";
            case OS -> "os: acknowledged means handed to the operating system";
            case MEMORY -> "memory: nothing is kept over a restart";
        });
        running.amqpAddress().ifPresent(address -> say("listening  amqp  "
                + new HostPort(address.getHostString(), address.getPort())));
        running.httpAddress().ifPresent(address -> say("listening  http  "
                + new HostPort(address.getHostString(), address.getPort())));
        say("listening  kafka  " + running.bootstrap());
        say("stop with Ctrl-C or SIGTERM");
    }

    private static void halt(int code) {
        Logging.drain(LAST_LINES_MS);
        Runtime.getRuntime().halt(code);
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
