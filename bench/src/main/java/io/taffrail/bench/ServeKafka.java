package io.taffrail.bench;

import io.taffrail.bench.broker.Broker;
import io.taffrail.bench.broker.KafkaLauncher;
import io.taffrail.bench.broker.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs a real Kafka with the output and signals of {@code ./taffrail start},
 * as a control for test suites.
 */
@Command(name = "serve-kafka", mixinStandardHelpOptions = true, description = "Runs a real Kafka 4.3.1 in the foreground until SIGTERM; prints 'listening  kafka  HOST:PORT'.")
final class ServeKafka implements Callable<Integer> {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    @Option(names = "--data-dir", required = true, paramLabel = "DIR", description = "A directory that is empty or does not exist.")
    private Path dataDir = Path.of(".");

    @Override
    public Integer call() throws IOException, InterruptedException {
        var random = new Random();
        var launcher = new KafkaLauncher(random);
        Path home = dataDir.toAbsolutePath();
        launcher.format(home);
        Broker broker = Broker.start(launcher, home, Ports.free(random), START_LIMIT);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(broker)));
        System.out.println("listening  kafka  " + broker.bootstrap());
        while (true) {
            broker.requireAlive();
            TimeUnit.SECONDS.sleep(1);
        }
    }

    private static void close(Broker broker) {
        try {
            broker.close();
        } catch (IOException failed) {
            System.err.println("cannot stop Kafka: " + failed.getMessage());
        }
    }
}
