import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * A broker of the suite's own, because it is killed: Taffrail with its default settings,
 * or a real Kafka as the control.
 */
final class Broker implements AutoCloseable {

    private static final long START_LIMIT_NS = TimeUnit.SECONDS.toNanos(120);

    private final Child process;
    private final String bootstrap;

    private Broker(Child process, String bootstrap) {
        this.process = process;
        this.bootstrap = bootstrap;
    }

    /** Starts the broker that the environment names (PEER) in a directory below {@code work}. */
    static Broker start(Path work) throws Exception {
        int port = freePort();
        Path data = work.resolve("data");
        List<String> command = System.getenv("PEER").equals("kafka")
                ? kafka(work, data, port)
                : List.of(System.getenv("TAFFRAIL"), "start", "--kafka", "127.0.0.1:" + port,
                        "--amqp", "127.0.0.1:0", "--data-dir", data.toString());
        Broker broker = new Broker(new Child(command, Map.of(), work.resolve("broker.log")),
                "127.0.0.1:" + port);
        broker.process.start();
        broker.awaitServing();
        return broker;
    }

    String bootstrap() {
        return bootstrap;
    }

    /** Kills the broker with SIGKILL, starts it again and waits until it serves. */
    void killAndRestart() throws Exception {
        process.kill();
        process.start();
        awaitServing();
    }

    void createTopic(String name, int partitions) throws Exception {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(name, partitions, (short) 1))).all().get();
        }
    }

    private void awaitServing() throws Exception {
        long deadlineNs = System.nanoTime() + START_LIMIT_NS;
        try (Admin admin = admin()) {
            while (true) {
                try {
                    if (!admin.describeCluster().nodes().get(2, TimeUnit.SECONDS).isEmpty()) {
                        return;
                    }
                } catch (ExecutionException | TimeoutException e) {
                    if (System.nanoTime() > deadlineNs || !process.isAlive()) {
                        throw new IllegalStateException("the broker does not serve:\n"
                                + process.logTail(), e);
                    }
                }
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
    }

    private Admin admin() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("reconnect.backoff.max.ms", 100);
        return Admin.create(settings);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static List<String> kafka(Path work, Path data, int port) throws Exception {
        Path properties = Files.writeString(work.resolve("server.properties"), """
                process.roles=broker,controller
                node.id=1
                controller.quorum.bootstrap.servers=127.0.0.1:%2$d
                listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                advertised.listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                inter.broker.listener.name=PLAINTEXT
                controller.listener.names=CONTROLLER
                listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
                log.dirs=%3$s
                offsets.topic.replication.factor=1
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                broker.session.timeout.ms=2000
                broker.heartbeat.interval.ms=500
                """.formatted(port, freePort(), data));
        List<String> format = kafkaJava("kafka.tools.StorageTool", "format", "--standalone", "-t",
                "dGFmZnJhaWwtdmVyaWZ5LQ", "-c", properties.toString());
        Process formatting = new ProcessBuilder(format).redirectErrorStream(true)
                .redirectOutput(work.resolve("format.log").toFile()).start();
        if (!formatting.waitFor(60, TimeUnit.SECONDS) || formatting.exitValue() != 0) {
            formatting.destroyForcibly();
            throw new IllegalStateException("cannot format Kafka's directory: "
                    + Files.readString(work.resolve("format.log")));
        }
        return kafkaJava("kafka.Kafka", properties.toString());
    }

    private static List<String> kafkaJava(String... words) {
        List<String> command = new ArrayList<>(List.of(java(), "-Xmx1G", "-XX:+UseG1GC", "-cp",
                System.getenv("KAFKA_LIB") + "/*"));
        command.addAll(List.of(words));
        return command;
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    @Override
    public void close() {
        process.close();
    }
}
