package io.taffrail.verify.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Apache Kafka as a combined KRaft node. Settings are Kafka's defaults, except those
 * that a single node needs: listeners, directories, and internal topics with one replica.
 *
 * @param libs
 *            directory with Kafka's jars: {@code libs} of its distribution
 */
public record KafkaPreset(Path libs) implements Preset {

    private static final List<String> JVM = List.of("-Xmx1G", "-Xms256m", "-server",
            "-XX:+UseG1GC", "-XX:MaxGCPauseMillis=20", "-Djava.awt.headless=true");

    @Override
    public String description() {
        try (Stream<Path> jars = Files.list(libs)) {
            return jars.map(jar -> String.valueOf(jar.getFileName()))
                    .filter(jar -> jar.matches("kafka_2\\.\\d+-[\\d.]+\\.jar")).findFirst()
                    .map(jar -> "Apache Kafka " + jar.replaceAll("kafka_2\\.\\d+-|\\.jar", ""))
                    .orElseThrow(() -> new ControlException(libs + " contains no Kafka server"));
        } catch (IOException e) {
            throw new ControlException("cannot list " + libs, e);
        }
    }

    @Override
    public void prepare(Site site) {
        Path properties = properties(site);
        try {
            Files.writeString(properties, """
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
                    """.formatted(site.kafkaPort(), site.otherPort(), site.data()));
        } catch (IOException e) {
            throw new ControlException("cannot write " + properties, e);
        }
        List<String> format = java();
        format.addAll(List.of("kafka.tools.StorageTool", "format", "--standalone", "-t",
                "dGFmZnJhaWwtdmVyaWZ5LQ", "-c", properties.toString()));
        Commands.run(format);
    }

    @Override
    public Launch launch(Site site) {
        List<String> command = java();
        command.addAll(List.of("kafka.Kafka", properties(site).toString()));
        return Launch.of(command);
    }

    private static Path properties(Site site) {
        return site.home().resolve("server.properties");
    }

    private List<String> java() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.addAll(List.of("-cp", libs + "/*"));
        return command;
    }

    @Override
    public boolean kafka() {
        return true;
    }

    @Override
    public boolean amqp() {
        return false;
    }
}
