package io.taffrail.bench.workload;

import io.taffrail.bench.broker.Broker;
import io.taffrail.bench.broker.Probe;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;

/** A warm broker with a Kafka admin client and a directory for client output. */
public final class Session implements AutoCloseable {
    private static final Duration ADMIN_LIMIT = Duration.ofSeconds(120);

    private final Broker broker;
    private final Path outputs;
    private @Nullable Admin admin;
    private int outputCount;

    public Session(Broker broker, Path outputs) {
        this.broker = broker;
        this.outputs = outputs;
    }

    private Admin admin() {
        Admin connected = admin;
        if (connected == null) {
            connected = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                    broker.bootstrap(), AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                    Math.toIntExact(ADMIN_LIMIT.toMillis()),
                    AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                    Math.toIntExact(ADMIN_LIMIT.toMillis())));
            admin = connected;
        }
        return connected;
    }

    public Broker broker() {
        return broker;
    }

    /** Returns a new file for one client's output. */
    Path nextOutput() {
        outputCount++;
        return outputs.resolve(broker.peer() + "-client-" + outputCount + ".log");
    }

    /**
     * Creates a topic and writes a one-byte record to each partition. Kafka creates a partition's
     * files only after it has announced the leader, and a steady load must not include that.
     */
    void createTopic(String topic, int partitions, Map<String, String> configs)
            throws IOException, InterruptedException {
        createTopics(List.of(topic), partitions, configs);
        try (var probe = Probe.connect(broker, ADMIN_LIMIT)) {
            for (int partition = 0; partition < partitions; partition++) {
                probe.produce(topic, partition, new byte[1]);
            }
        }
    }

    /** Creates topics and waits until every partition has a leader. */
    void createTopics(List<String> topics, int partitions, Map<String, String> configs)
            throws IOException, InterruptedException {
        await("create " + topics, () -> admin().createTopics(topics.stream()
                .map(name -> new NewTopic(name, Optional.of(partitions), Optional.of((short) 1))
                        .configs(configs))
                .toList()).all().get(ADMIN_LIMIT.toSeconds(), TimeUnit.SECONDS));
        try (var probe = Probe.connect(broker, ADMIN_LIMIT)) {
            probe.awaitLeaders(topics, partitions);
        }
    }

    void deleteTopic(String topic) throws IOException, InterruptedException {
        await("delete " + topic, () -> admin().deleteTopics(List.of(topic)).all()
                .get(ADMIN_LIMIT.toSeconds(), TimeUnit.SECONDS));
    }

    private void await(String what, AdminCall call) throws IOException, InterruptedException {
        try {
            call.run();
        } catch (ExecutionException | TimeoutException failed) {
            throw new IOException(broker.peer() + " could not " + what + "; end of its log:\n"
                    + broker.logTail(), failed);
        }
    }

    @Override
    public void close() throws IOException {
        if (admin != null) {
            admin.close(Duration.ofSeconds(5));
        }
        broker.close();
    }

    /** An admin request that waits for its result. */
    @FunctionalInterface
    private interface AdminCall {
        void run() throws ExecutionException, InterruptedException, TimeoutException;
    }
}
