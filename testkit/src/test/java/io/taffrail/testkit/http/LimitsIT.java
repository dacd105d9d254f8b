package io.taffrail.testkit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.taffrail.cli.server.Taffrail;
import io.taffrail.cli.server.TaffrailOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits of virtual hosts and users are stored, and refuse with RabbitMQ's errors. */
class LimitsIT {

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

    private HttpResponse<String> call(String method, String path, String body) {
        int port = broker.httpAddress().orElseThrow().getPort();
        try {
            return client.send(HttpRequest
                    .newBuilder(URI.create("http://127.0.0.1:" + port + "/api" + path))
                    .header("authorization", "Basic " + Base64.getEncoder()
                            .encodeToString("guest:guest".getBytes(StandardCharsets.UTF_8)))
                    .method(method, BodyPublishers.ofString(body)).build(),
                    BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void set(String path, int value) {
        assertThat(call("PUT", path, "{\"value\":" + value + "}").statusCode()).isEqualTo(204);
    }

    private Connection connect() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setPort(broker.amqpAddress().orElseThrow().getPort());
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection();
    }

    @Test
    void queuesOfAHostAreLimitedAfterARestartToo() throws Exception {
        set("/vhost-limits/%2F/max-queues", 1);
        stop();
        start();

        assertThat(call("GET", "/vhost-limits", "").body())
                .isEqualTo("[{\"vhost\":\"/\",\"value\":{\"max-queues\":1}}]");
        try (Connection connection = connect()) {
            Channel channel = connection.createChannel();
            var _ = channel.queueDeclare("one", true, false, false, Map.of());
            var _ = channel.queueDeclare("one", true, false, false, Map.of());
            assertThatThrownBy(() -> channel.queueDeclare("two", true, false, false, Map.of()))
                    .hasStackTraceContaining("queue limit in vhost '/' (1) is reached");
            set("/vhost-limits/%2F/max-queues", -1);
            Channel next = connection.createChannel();
            var _ = next.queueDeclare("two", true, false, false, Map.of());
        }
    }

    @Test
    void connectionsOfHostsAndUsersAreLimited() throws Exception {
        set("/vhost-limits/%2F/max-connections", 1);
        try (Connection first = connect()) {
            assertThat(first.isOpen()).isTrue();
            assertThatThrownBy(this::connect)
                    .hasStackTraceContaining("connection limit (1) is reached");
        }
        assertThat(call("DELETE", "/vhost-limits/%2F/max-connections", "").statusCode())
                .isEqualTo(204);
        set("/user-limits/guest/max-connections", 0);
        assertThatThrownBy(this::connect)
                .hasStackTraceContaining("user connection limit (0) is reached");
        assertThat(call("DELETE", "/user-limits/guest/max-connections", "").statusCode())
                .isEqualTo(204);
        connect().close();
    }

    @Test
    void channelsOfAUserAreLimited() throws Exception {
        set("/user-limits/guest/max-channels", 2);
        Connection other = connect();
        try (Connection one = connect()) {
            one.createChannel().close();
            assertThat(one.createChannel().isOpen()).isTrue();
            assertThat(other.createChannel().isOpen()).isTrue();
            assertThatThrownBy(other::createChannel)
                    .hasStackTraceContaining("maximum allowed user limit of (2)");
        } finally {
            other.abort();
        }
    }

    @Test
    void unknownLimitsAndObjectsAreRefused() {
        assertThat(call("PUT", "/vhost-limits/%2F/max-foo", "{\"value\":1}").statusCode())
                .isEqualTo(400);
        assertThat(call("PUT", "/vhost-limits/none/max-queues", "{\"value\":1}").statusCode())
                .isEqualTo(404);
        assertThat(call("PUT", "/user-limits/guest/max-channels", "{\"value\":\"x\"}")
                .statusCode()).isEqualTo(400);
        assertThat(call("PUT", "/user-limits/guest/max-channels", "{}").statusCode())
                .isEqualTo(400);
        assertThat(call("PUT", "/feature-flags/quorum_queue/enable", "{}").statusCode())
                .isEqualTo(204);
        assertThat(call("PUT", "/feature-flags/nope/enable", "{}").statusCode()).isEqualTo(400);
    }
}
