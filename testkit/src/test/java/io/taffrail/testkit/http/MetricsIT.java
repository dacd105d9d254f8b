package io.taffrail.testkit.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.cli.server.Taffrail;
import io.taffrail.cli.server.TaffrailOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metrics of a broker as Prometheus reads them. */
class MetricsIT {

    private static final Pattern METRIC = Pattern.compile("\\b(rabbitmq|taffrail|jvm)_[a-z_]+");

    @TempDir
    private Path dir;
    private final HttpClient client = HttpClient.newHttpClient();
    private Taffrail broker;

    @BeforeEach
    void start() {
        broker = Taffrail.start(TaffrailOptions.of(Map.of("data.dir", dir.toString(),
                "kafka.listener", "127.0.0.1:0", "amqp.listener", "127.0.0.1:0",
                "http.listener", "127.0.0.1:0")));
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private HttpResponse<byte[]> get(String path, String... headers) {
        int port = broker.httpAddress().orElseThrow().getPort();
        HttpRequest.Builder request = HttpRequest
                .newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofByteArray());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private String text(String path) {
        HttpResponse<byte[]> response = get(path);
        assertThat(response.statusCode()).isEqualTo(200);
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private void traffic() throws Exception {
        Map<String, Object> config = Map.of("bootstrap.servers", broker.bootstrap());
        try (Admin admin = Admin.create(config);
                KafkaProducer<String, String> producer = new KafkaProducer<>(config,
                        new StringSerializer(), new StringSerializer())) {
            admin.createTopics(Set.of(new NewTopic("t", 1, (short) 1))).all().get();
            for (int i = 0; i < 3; i++) {
                producer.send(new ProducerRecord<>("t", "value")).get();
            }
            admin.alterConsumerGroupOffsets("g", Map.of(new TopicPartition("t", 0),
                    new OffsetAndMetadata(1))).all().get();
        }
    }

    @Test
    void requestsAndTheLagOfGroupsAreMeasured() throws Exception {
        traffic();

        String sums = text("/metrics");
        assertThat(sums).contains("taffrail_group_lag_records{group=\"g\"} 2.0",
                "taffrail_kafka_request_seconds_count{api=\"Produce\"} 3",
                "# TYPE taffrail_journal_force_seconds histogram")
                .doesNotContain("partition=\"0\"");
        assertThat(text("/metrics/per-object")).contains(
                "taffrail_group_partition_lag_records{group=\"g\",partition=\"0\",topic=\"t\"} 2.0",
                "taffrail_partition_end_offset_total{partition=\"0\",topic=\"t\"} 3.0",
                "rabbitmq_queue_messages_ready{queue=\"t-0\",vhost=\"/\"} 3.0");
    }

    @Test
    void groupsOfMetricsAreChosen() throws Exception {
        traffic();

        assertThat(text("/metrics/detailed?family=queue_coarse_metrics&family=x"))
                .contains("rabbitmq_detailed_queue_messages{queue=\"t-0\",vhost=\"/\"} 3.0")
                .doesNotContain("queue_consumers", "taffrail");
        assertThat(text("/metrics/detailed?family=queue_coarse_metrics&vhost=none"))
                .doesNotContain("t-0");
    }

    @Test
    void theFormatIsNegotiated() throws IOException {
        HttpResponse<byte[]> packed = get("/metrics", "accept",
                "application/openmetrics-text;version=1.0.0", "accept-encoding", "gzip");

        assertThat(packed.headers().firstValue("content-type").orElseThrow())
                .startsWith("application/openmetrics-text");
        try (GZIPInputStream in = new GZIPInputStream(
                new java.io.ByteArrayInputStream(packed.body()))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).endsWith("# EOF\n");
        }
    }

    @Test
    void dashboardsAndAlertsUseMetricsThatExist() throws Exception {
        traffic();
        int port = broker.amqpAddress().orElseThrow().getPort();
        com.rabbitmq.client.ConnectionFactory factory = new com.rabbitmq.client.ConnectionFactory();
        factory.setPort(port);
        Set<String> exported = new TreeSet<>();
        try (var _ = factory.newConnection()) {
            Matcher found = METRIC.matcher(text("/metrics") + text("/metrics/per-object"));
            while (found.find()) {
                exported.add(found.group());
            }
        }
        Set<String> used = new TreeSet<>();
        try (Stream<Path> files = Files.list(Path.of("../docs/monitoring"))) {
            files.forEach(file -> {
                Matcher found = METRIC.matcher(read(file));
                while (found.find()) {
                    used.add(found.group());
                }
            });
        }

        assertThat(used).hasSizeGreaterThan(20);
        assertThat(exported).containsAll(used);
    }

    @Test
    void theCommandLineIsServedToAnybody() {
        assertThat(text("/cli/rabbitmqadmin")).startsWith("#!/usr/bin/env python3");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
