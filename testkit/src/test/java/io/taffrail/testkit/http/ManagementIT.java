package io.taffrail.testkit.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.ShutdownSignalException;
import io.taffrail.cli.server.Taffrail;
import io.taffrail.cli.server.TaffrailOptions;
import io.taffrail.net.json.Json;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The management API of a broker; expected values are those that RabbitMQ 3.10.8 answers. */
class ManagementIT {

    private static final String GUEST = "guest:guest";

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

    private record Answer(int status, @Nullable Object value) {

        @Nullable
        Object at(String name) {
            return value instanceof Map<?, ?> object ? object.get(name) : null;
        }
    }

    private Answer call(String user, String method, String path, Object body) {
        InetSocketAddress address = broker.httpAddress().orElseThrow();
        HttpRequest request = HttpRequest
                .newBuilder(URI.create("http://127.0.0.1:" + address.getPort() + "/api" + path))
                .header("authorization", "Basic " + Base64.getEncoder()
                        .encodeToString(user.getBytes(StandardCharsets.UTF_8)))
                .method(method, body.equals("")
                        ? BodyPublishers.noBody()
                        : BodyPublishers.ofString(Json.write(body)))
                .build();
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body().isEmpty()
                    ? ""
                    : Json.read(response.body()));
        } catch (java.io.IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The first object of a list. */
    private static Map<?, ?> first(@Nullable Object list) {
        return (Map<?, ?>) Objects.requireNonNull((List<?>) list).getFirst();
    }

    private Answer get(String path) {
        return call(GUEST, "GET", path, "");
    }

    private int put(String path, Object body) {
        return call(GUEST, "PUT", path, body).status();
    }

    private int delete(String path) {
        return call(GUEST, "DELETE", path, "").status();
    }

    @Test
    void aQueueIsDeclaredShownAndDeleted() {
        assertThat(put("/queues/%2F/a%2Fb", Map.of("durable", true))).isEqualTo(201);
        assertThat(put("/queues/%2F/a%2Fb", Map.of("durable", true))).isEqualTo(204);
        assertThat(put("/queues/%2F/a%2Fb", Map.of("durable", false))).isEqualTo(400);

        Answer shown = get("/queues/%2F/a%2Fb/");
        assertThat(shown.at("name")).isEqualTo("a/b");
        assertThat(shown.at("durable")).isEqualTo(true);
        assertThat(get("/queues?columns=name,vhost").value())
                .isEqualTo(List.of(Map.of("name", "a/b", "vhost", "/")));
        assertThat(delete("/queues/%2F/a%2Fb")).isEqualTo(204);
        assertThat(delete("/queues/%2F/a%2Fb")).isEqualTo(404);
    }

    @Test
    void listsAreSortedAndPaged() {
        for (int i = 0; i < 5; i++) {
            assertThat(put("/queues/%2F/q" + i, Map.of())).isEqualTo(201);
        }

        Answer page = get("/queues?page=2&page_size=2&sort=name&sort_reverse=true&columns=name");

        assertThat(page.at("items")).isEqualTo(List.of(Map.of("name", "q2"), Map.of("name", "q1")));
        assertThat(page.at("total_count")).hasToString("5");
        assertThat(get("/queues?page=9").at("error")).isEqualTo("page_out_of_range");
        assertThat(get("/queues?page=1&name=Q%5B34%5D&use_regex=true").at("filtered_count"))
                .hasToString("0");
        assertThat(get("/queues?page=1&name=q%5B34%5D&use_regex=true").at("filtered_count"))
                .hasToString("2");
    }

    private static Map<String, Object> message(String key, String payload) {
        return Map.of("routing_key", key, "payload", payload, "payload_encoding", "string",
                "properties", Map.of("message_id", "m", "headers", Map.of("h", 1)));
    }

    private Answer take(String mode) {
        return call(GUEST, "POST", "/queues/%2F/q/get",
                Map.of("count", 5, "ackmode", mode, "encoding", "auto"));
    }

    @Test
    void messagesArePublishedAndTaken() {
        assertThat(put("/queues/%2F/q", Map.of("durable", true))).isEqualTo(201);
        assertThat(put("/exchanges/%2F/e", Map.of("type", "topic"))).isEqualTo(201);
        assertThat(call(GUEST, "POST", "/bindings/%2F/e/e/q/q", Map.of("routing_key", "a.#"))
                .status()).isEqualTo(201);

        assertThat(call(GUEST, "POST", "/exchanges/%2F/e/publish", message("a.b", "hé")).value())
                .isEqualTo(Map.of("routed", true));
        assertThat(call(GUEST, "POST", "/exchanges/%2F/e/publish", message("b", "no")).value())
                .isEqualTo(Map.of("routed", false));

        for (int i = 0; i < 2; i++) {
            Map<?, ?> taken = first(take("ack_requeue_true").value());
            assertThat(taken.get("payload")).isEqualTo("hé");
            assertThat(taken.get("redelivered")).isEqualTo(i == 1);
        }
        assertThat((List<?>) take("reject_requeue_false").value()).hasSize(1);
        assertThat((List<?>) take("ack_requeue_false").value()).isEmpty();
        assertThat(get("/queues/%2F/q").at("messages")).hasToString("0");
        assertThat(take("drop").status()).isEqualTo(400);
    }

    @Test
    void aBindingHasAPathOfItsOwn() {
        assertThat(put("/queues/%2F/q", Map.of())).isEqualTo(201);
        String pair = "/bindings/%2F/e/amq.headers/q/q";
        assertThat(call(GUEST, "POST", pair, Map.of("routing_key", "a b", "arguments",
                Map.of("x", 1))).status()).isEqualTo(201);

        Map<?, ?> binding = first(get(pair).value());
        String path = pair + "/" + java.net.URLEncoder.encode(
                String.valueOf(binding.get("properties_key")), StandardCharsets.UTF_8);

        assertThat(get(path).value()).isEqualTo(binding);
        assertThat(delete(path)).isEqualTo(204);
        assertThat(get(path).status()).isEqualTo(404);
    }

    @Test
    void tagsAndPermissionsDecide() {
        assertThat(put("/users/maria", Map.of("password", "wonder", "tags", ""))).isEqualTo(201);
        String maria = "maria:wonder";
        assertThat(call(maria, "GET", "/whoami", "").at("reason"))
                .isEqualTo("Not management user");

        assertThat(put("/users/maria", Map.of("tags", "management"))).isEqualTo(204);
        assertThat(call(maria, "GET", "/whoami", "").at("tags")).isEqualTo(List.of("management"));
        assertThat(call(maria, "GET", "/nodes", "").at("reason")).isEqualTo("Not monitor user");
        assertThat(call(maria, "GET", "/queues/%2F", "").status()).isEqualTo(401);

        assertThat(put("/permissions/%2F/maria", Map.of("configure", "^a", "write", "", "read",
                ""))).isEqualTo(201);
        assertThat(call(maria, "PUT", "/queues/%2F/a1", Map.of()).status()).isEqualTo(201);
        assertThat(call(maria, "PUT", "/queues/%2F/b1", Map.of()).status()).isEqualTo(401);
        assertThat(delete("/users/maria")).isEqualTo(204);
        assertThat(delete("/users/maria")).isEqualTo(404);
    }

    @Test
    void tagsAreThereAfterARestart() {
        assertThat(put("/users/maria", Map.of("password", "wonder", "tags",
                List.of("monitoring", "other")))).isEqualTo(201);

        broker.close();
        start();

        assertThat(call("maria:wonder", "GET", "/whoami", "").at("tags"))
                .isEqualTo(List.of("monitoring", "other"));
    }

    @Test
    void definitionsMoveEverythingOrNothing() {
        String hash = "szdnEDr5wImzXr8VzgJqH1/k0jlQg1wsHFPBtEsH4qWHip0h";
        Map<String, Object> file = Map.of(
                "users", List.of(Map.of("name", "old", "password_hash", hash,
                        "hashing_algorithm", "rabbit_password_hashing_sha256", "tags",
                        List.of("administrator"))),
                "vhosts", List.of(Map.of("name", "v")),
                "permissions", List.of(Map.of("user", "old", "vhost", "v", "configure", ".*",
                        "write", ".*", "read", ".*")),
                "queues", List.of(Map.of("name", "q", "vhost", "v", "durable", true)),
                "exchanges", List.of(Map.of("name", "e", "vhost", "v", "type", "topic")),
                "bindings", List.of(Map.of("source", "e", "vhost", "v", "destination", "q",
                        "destination_type", "queue", "routing_key", "#")));
        Map<String, Object> wrong = new java.util.HashMap<>(file);
        wrong.put("policies", List.of(Map.of("name", "p", "vhost", "none", "pattern", "",
                "definition", Map.of("max-length", 1)),
                Map.of("name", "p2", "vhost", "v", "pattern", "(", "definition",
                        Map.of("max-length", 1))));

        Answer refused = call(GUEST, "POST", "/definitions", wrong);
        assertThat(refused.status()).isEqualTo(400);
        assertThat((List<?>) refused.at("reason")).hasSize(2);
        assertThat(get("/vhosts/v").status()).isEqualTo(404);

        for (int i = 0; i < 2; i++) {
            assertThat(call(GUEST, "POST", "/definitions", file).status()).isEqualTo(204);
        }
        assertThat((List<?>) get("/queues/v/q/bindings").value()).hasSize(2);
        Answer export = get("/definitions");
        assertThat(first(export.at("users")).get("password_hash"))
                .isEqualTo(hash);
        assertThat(call(GUEST, "POST", "/definitions",
                Objects.requireNonNull(export.value())).status()).isEqualTo(204);
    }

    @Test
    void policiesAreSetAndRefused() {
        assertThat(put("/policies/%2F/p", Map.of("pattern", "^q", "definition",
                Map.of("max-length", 5), "apply-to", "queues"))).isEqualTo(201);
        assertThat(put("/queues/%2F/q", Map.of())).isEqualTo(201);

        assertThat(get("/queues/%2F/q").at("policy")).isEqualTo("p");
        assertThat(get("/policies/%2F/p").at("apply-to")).isEqualTo("queues");
        assertThat(put("/policies/%2F/p", Map.of("pattern", "", "definition",
                Map.of("nope", 5)))).isEqualTo(400);
        assertThat(delete("/policies/%2F/p")).isEqualTo(204);
        assertThat(delete("/policies/%2F/p")).isEqualTo(404);
    }

    @Test
    void aConnectionIsListedAndClosed() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setPort(broker.amqpAddress().orElseThrow().getPort());
        factory.setAutomaticRecoveryEnabled(false);
        CompletableFuture<ShutdownSignalException> ended = new CompletableFuture<>();
        Connection connection = factory.newConnection();
        connection.addShutdownListener(ended::complete);

        Map<?, ?> listed = first(get("/connections").value());
        assertThat(listed.get("user")).isEqualTo("guest");
        assertThat(listed.get("vhost")).isEqualTo("/");
        assertThat((List<?>) get("/vhosts/%2F/connections").value()).hasSize(1);
        assertThat((List<?>) get("/connections/username/nobody").value()).isEmpty();
        String path = "/connections/" + java.net.URLEncoder.encode(
                String.valueOf(listed.get("name")), StandardCharsets.UTF_8).replace("+", "%20");
        assertThat(get(path).at("name")).isEqualTo(listed.get("name"));
        assertThat(get(path).at("auth_mechanism")).isEqualTo("PLAIN");
        assertThat(((Number) Objects.requireNonNull(get(path).at("recv_oct"))).longValue())
                .isPositive();
        assertThat(delete(path)).isEqualTo(204);
        assertThat(ended.get(20, TimeUnit.SECONDS)).hasMessageContaining("320");
    }

    @Test
    void messagesAreCountedWhereRabbitMqCountsThem() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setPort(broker.amqpAddress().orElseThrow().getPort());
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            var _ = channel.confirmSelect();
            var _ = channel.queueDeclare("q", true, false, false, Map.of());
            channel.basicQos(7);
            String tag = channel.basicConsume("q", false, "tag", new DefaultConsumer(channel) {
            });
            channel.basicPublish("", "q", null, "body".getBytes(StandardCharsets.UTF_8));
            channel.basicPublish("", "nowhere", null, new byte[0]);
            channel.waitForConfirmsOrDie(20_000);

            Map<?, ?> listed = first(get("/channels").value());
            assertThat(listed.get("prefetch_count")).hasToString("7");
            assertThat(listed.get("confirm")).isEqualTo(true);
            Map<?, ?> consumer = first(get("/consumers/%2F").value());
            assertThat(consumer.get("consumer_tag")).isEqualTo(tag);
            assertThat(consumer.get("queue")).isEqualTo(Map.of("name", "q", "vhost", "/"));
            assertThat(stat(get("/channels").value(), "drop_unroutable")).isEqualTo("1");
            assertThat(stat(get("/channels").value(), "confirm")).isEqualTo("2");
            assertThat(stat(get("/queues").value(), "publish")).isEqualTo("1");
            assertThat(stat(List.of(Objects.requireNonNull(get("/overview").value())), "publish"))
                    .isEqualTo("2");
            assertThat(stat(get("/exchanges").value(), "publish_out")).isEqualTo("1");
            assertThat(get("/overview?lengths_age=10&lengths_incr=x").status()).isEqualTo(400);
        }
    }

    private static String stat(@Nullable Object list, String name) {
        Map<?, ?> stats = (Map<?, ?>) Objects.requireNonNull(first(list).get("message_stats"));
        return String.valueOf(stats.get(name));
    }

    @Test
    void healthIsChecked() {
        int port = broker.amqpAddress().orElseThrow().getPort();
        assertThat(get("/health/checks/alarms").at("status")).isEqualTo("ok");
        assertThat(get("/health/checks/port-listener/" + port).at("status")).isEqualTo("ok");
        assertThat(get("/health/checks/port-listener/1").status()).isEqualTo(503);
        assertThat(get("/health/checks/protocol-listener/mqtt").status()).isEqualTo(503);
        assertThat(get("/aliveness-test/%2F").at("status")).isEqualTo("ok");
    }

    @Test
    void aWrongPasswordIsRefused() {
        assertThat(call("guest:wrong", "GET", "/overview", "").at("error"))
                .isEqualTo("not_authorized");
    }
}
