import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A worker of Kafka Connect in distributed mode with exactly-once sources, while it and its broker
 * are killed. It copies a growing file to a topic; with read_committed, the topic must hold the
 * file's lines, each once and in order. Arguments: work directory, kills, and optionally
 * {@code disabled} instead of {@code enabled} for exactly.once.source.support.
 */
public final class ConnectSuite {

    private static final int LINES_PER_S = 200;
    private static final int LINES_BETWEEN_KILLS = 500;
    /** The file waits for the topic, so that a slow machine has less work. */
    private static final int MOST_AHEAD = 1500;
    /**
     * More lines than ever wait: when Kafka's file source returns a full batch,
     * the lines that it has read behind it stay in its buffer until the file grows again.
     */
    private static final int BATCH = 5000;
    private static final long LIMIT_S = 540;
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private final Path work;
    private final String support;
    private final Path file;
    private final List<String> found = new ArrayList<>();
    private final AtomicBoolean finishing = new AtomicBoolean();
    private final AtomicInteger written = new AtomicInteger();
    private final AtomicReference<Exception> writeFailure = new AtomicReference<>();

    private ConnectSuite(Path work, String support) {
        this.work = work;
        this.support = support;
        this.file = work.resolve("lines.txt");
    }

    public static void main(String[] args) throws Exception {
        Path work = Files.createDirectories(Path.of(args[0]));
        try {
            System.out.println("ok connect/file-source " + new ConnectSuite(work,
                    args.length > 2 ? args[2] : "enabled").run(Integer.parseInt(args[1])));
            System.exit(0);
        } catch (IllegalStateException e) {
            System.out.println("FAIL connect/file-source "
                    + String.valueOf(e.getMessage()).replace('\n', ' '));
            System.exit(1);
        }
    }

    private String run(int kills) throws Exception {
        long deadlineNs = Committed.deadlineNs(LIMIT_S);
        try (Broker broker = Broker.start(work)) {
            broker.createTopic("file", 1);
            int port = Broker.freePort();
            Files.createFile(file);
            try (Child worker = worker(broker, port);
                    Committed<String> reader = new Committed<>(broker.bootstrap(), "file", 1,
                            StringDeserializer.class, line -> found.add(line.value()))) {
                worker.start();
                createConnector(worker, port, deadlineNs);
                Thread writer = new Thread(() -> write(reader), "file");
                writer.setDaemon(true);
                writer.start();
                int workerKills = killInTurn(broker, worker, reader, kills, deadlineNs);
                finishing.set(true);
                writer.join();
                if (writeFailure.get() != null) {
                    throw writeFailure.get();
                }
                reader.readUntil(deadlineNs, () -> found.size() >= written.get()
                        && found.getLast().equals(line(written.get() - 1)));
                try (KafkaConsumer<byte[], byte[]> uncommitted = StreamsSuite
                        .uncommitted(broker.bootstrap())) {
                    reader.readToEnd(uncommitted, deadlineNs);
                }
                check(worker);
                return found.size() + " lines, each once; " + (kills - workerKills)
                        + " kills of the broker, " + workerKills + " of the worker";
            }
        }
    }

    /** Kills the broker, the worker, the broker, and so on, each when work has been done. */
    private int killInTurn(Broker broker, Child worker, Committed<String> reader, int kills,
            long deadlineNs) throws Exception {
        int workerKills = 0;
        reader.readMore(LINES_BETWEEN_KILLS, deadlineNs);
        for (int kill = 0; kill < kills; kill++) {
            if (kill % 2 == 0) {
                broker.killAndRestart();
            } else {
                worker.kill();
                worker.start();
                workerKills++;
            }
            reader.readMore(LINES_BETWEEN_KILLS, deadlineNs);
        }
        return workerKills;
    }

    private void check(Child worker) {
        for (int i = 0; i < Math.min(found.size(), written.get()); i++) {
            if (!found.get(i).equals(line(i))) {
                throw new IllegalStateException("record " + i + " of " + found.size() + " is '"
                        + found.get(i) + "' instead of '" + line(i) + "'");
            }
        }
        if (found.size() != written.get()) {
            throw new IllegalStateException("the topic has " + found.size() + " of "
                    + written.get() + " lines; end of the worker's log:\n" + worker.logTail());
        }
    }

    private static String line(int number) {
        return "line " + number + " of a file that grows";
    }

    private void write(Committed<String> reader) {
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardOpenOption.APPEND)) {
            while (!finishing.get()) {
                if (written.get() - reader.count() > MOST_AHEAD) {
                    TimeUnit.MILLISECONDS.sleep(100);
                    continue;
                }
                for (int i = 0; i < LINES_PER_S / 10; i++) {
                    out.write(line(written.getAndIncrement()));
                    out.newLine();
                }
                out.flush();
                TimeUnit.MILLISECONDS.sleep(100);
            }
        } catch (IOException | InterruptedException e) {
            writeFailure.set(e);
        }
    }

    private Child worker(Broker broker, int port) throws IOException {
        Path properties = Files.writeString(work.resolve("worker.properties"), """
                bootstrap.servers=%1$s
                listeners=http://127.0.0.1:%2$d
                group.id=connect
                exactly.once.source.support=%3$s
                key.converter=org.apache.kafka.connect.storage.StringConverter
                value.converter=org.apache.kafka.connect.storage.StringConverter
                config.storage.topic=connect-configs
                config.storage.replication.factor=1
                offset.storage.topic=connect-offsets
                offset.storage.partitions=3
                offset.storage.replication.factor=1
                status.storage.topic=connect-status
                status.storage.partitions=1
                status.storage.replication.factor=1
                offset.flush.interval.ms=1000
                session.timeout.ms=6000
                heartbeat.interval.ms=1000
                scheduled.rebalance.max.delay.ms=0
                reconnect.backoff.max.ms=200
                plugin.discovery=service_load
                """.formatted(broker.bootstrap(), port, support));
        List<String> command = List.of(Broker.java(), "-Xmx384m", "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "-Dlog4j2.configurationFile=" + System.getenv("KAFKA_LOG4J"),
                "-cp", System.getProperty("java.class.path"),
                "org.apache.kafka.connect.cli.ConnectDistributed", properties.toString());
        return new Child(command, Map.of(), work.resolve("worker.log"));
    }

    private void createConnector(Child worker, int port, long deadlineNs) throws Exception {
        String required = support.equals("enabled") ? "\"exactly.once.support\":\"required\"," : "";
        HttpRequest request = HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + port + "/connectors/file/config"))
                .timeout(ANSWER).header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString("{" + required
                        + "\"connector.class\":\"org.apache.kafka.connect.file"
                        + ".FileStreamSourceConnector\",\"tasks.max\":\"1\",\"topic\":\"file\","
                        + "\"batch.size\":\"" + BATCH + "\",\"file\":\"" + file + "\"}"))
                .build();
        String answer = "none";
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (System.nanoTime() < deadlineNs && worker.isAlive()) {
                try {
                    HttpResponse<String> response = client.send(request,
                            HttpResponse.BodyHandlers.ofString());
                    answer = response.statusCode() + " " + response.body();
                    if (response.statusCode() == 201 || response.statusCode() == 200) {
                        return;
                    }
                } catch (IOException e) {
                    // The worker does not listen yet.
                    answer = e.toString();
                }
                TimeUnit.MILLISECONDS.sleep(200);
            }
        }
        throw new IllegalStateException("the connector was not created: " + answer
                + "; end of the worker's log:\n" + worker.logTail());
    }
}
