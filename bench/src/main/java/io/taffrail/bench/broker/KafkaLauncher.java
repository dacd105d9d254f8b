package io.taffrail.bench.broker;

import io.taffrail.bench.measure.Jvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.Uuid;

/**
 * Starts Apache Kafka as a combined KRaft node, with the settings of its shipped
 * {@code config/server.properties} and with the heap size and collector of its start scripts.
 */
public record KafkaLauncher(RandomGenerator random) implements Launcher {
    private static final Duration FORMAT_LIMIT = Duration.ofSeconds(60);
    private static final List<String> JVM_OPTIONS = List.of("-Xmx1G", "-Xms1G", "-server",
            "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20", "-XX:InitiatingHeapOccupancyPercent=35",
            "-XX:+ExplicitGCInvokesConcurrent", "-Djava.awt.headless=true",
            "-Dlog4j2.configurationFile=kafka-log4j2.xml");

    @Override
    public Peer peer() {
        return Peer.KAFKA;
    }

    @Override
    public void format(Path home) throws IOException, InterruptedException {
        Files.createDirectories(home);
        Files.writeString(home.resolve("controller.port"), Integer.toString(Ports.free(random)));
        Path properties = writeProperties(home, Ports.free(random));
        List<String> command = Jvm.command(JVM_OPTIONS, "kafka.tools.StorageTool", "format",
                "--standalone", "-t", Uuid.randomUuid().toString(), "-c", properties.toString());
        Path output = home.resolve("format.log");
        Process process = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(output.toFile()).start();
        if (!process.waitFor(FORMAT_LIMIT)) {
            process.destroyForcibly();
            throw new IOException("StorageTool format took more than " + FORMAT_LIMIT);
        }
        if (process.exitValue() != 0) {
            throw new IOException("StorageTool format failed:\n" + Files.readString(output));
        }
    }

    @Override
    public List<String> command(Path home, int port) throws IOException {
        return Jvm.command(JVM_OPTIONS, "kafka.Kafka", writeProperties(home, port).toString());
    }

    private static Path writeProperties(Path home, int port) throws IOException {
        String controller = Files.readString(home.resolve("controller.port"));
        return Files.writeString(home.resolve("server.properties"), """
                process.roles=broker,controller
                node.id=1
                controller.quorum.bootstrap.servers=127.0.0.1:%2$s
                listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$s
                advertised.listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$s
                inter.broker.listener.name=PLAINTEXT
                controller.listener.names=CONTROLLER
                listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
                num.network.threads=3
                num.io.threads=8
                socket.send.buffer.bytes=102400
                socket.receive.buffer.bytes=102400
                socket.request.max.bytes=104857600
                log.dirs=%3$s
                num.partitions=1
                offsets.topic.replication.factor=1
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                log.retention.hours=168
                log.segment.bytes=1073741824
                log.retention.check.interval.ms=300000
                """.formatted(port, controller, home.resolve("data")));
    }
}
