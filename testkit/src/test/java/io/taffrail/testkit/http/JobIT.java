package io.taffrail.testkit.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.taffrail.cli.server.Taffrail;
import io.taffrail.cli.server.TaffrailOptions;
import io.taffrail.net.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs over HTTP, with workers over HTTP and AMQP. */
@Timeout(60)
class JobIT {

    private static final String GUEST = "guest:guest";

    @TempDir
    private Path dir;
    private final HttpClient client = HttpClient.newHttpClient();
    private Taffrail broker;

    @BeforeEach
    void start() {
        broker = Taffrail.start(TaffrailOptions.of(Map.of("data.dir", dir.toString(),
                "kafka.listener", "127.0.0.1:0", "amqp.listener", "127.0.0.1:0",
                "http.listener", "127.0.0.1:0", "http.max.body.bytes", "10000")));
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private HttpRequest.Builder request(String user, String path) {
        int port = broker.httpAddress().orElseThrow().getPort();
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("authorization", "Basic " + Base64.getEncoder()
                        .encodeToString(user.getBytes(StandardCharsets.UTF_8)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private HttpResponse<String> post(String path, String body, String... headers) {
        HttpRequest.Builder request = request(GUEST, path).POST(BodyPublishers.ofString(body));
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    private HttpResponse<String> get(String path, String... headers) {
        HttpRequest.Builder request = request(GUEST, path);
        return send(headers.length == 0 ? request : request.headers(headers));
    }

    private static Object at(HttpResponse<String> response, String name) {
        return Objects.requireNonNull(
                ((Map<?, ?>) Objects.requireNonNull(Json.read(response.body()))).get(name));
    }

    private String enqueue(String path, String body) {
        HttpResponse<String> accepted = post(path, body);
        assertThat(accepted.statusCode()).isEqualTo(202);
        return accepted.headers().firstValue("location").orElseThrow();
    }

    private Map<?, ?> fetch(String queue) {
        HttpResponse<String> taken = post("/jobs/" + queue + "/fetch", "{\"worker\":\"w\"}");
        assertThat(taken.statusCode()).isEqualTo(200);
        return (Map<?, ?>) ((List<?>) at(taken, "jobs")).getFirst();
    }

    @Test
    void aJobIsFollowedFromItsOrderToItsResult() throws Exception {
        HttpResponse<String> accepted = post("/jobs/images?type=resize", "a.png",
                "content-type", "text/plain");
        assertThat(accepted.statusCode()).isEqualTo(202);
        assertThat(accepted.headers().firstValue("retry-after")).contains("1");
        String job = accepted.headers().firstValue("location").orElseThrow();
        HttpResponse<java.util.stream.Stream<String>> events = client.send(
                request(GUEST, job).header("accept", "text/event-stream").build(),
                BodyHandlers.ofLines());

        Map<?, ?> taken = fetch("images");
        assertThat(((Map<?, ?>) Objects.requireNonNull(taken.get("message"))).get("body"))
                .isEqualTo("a.png");
        String run = "?run=" + taken.get("run");
        assertThat(post(job + "/heartbeat" + run, "{\"progress\":40}").statusCode())
                .isEqualTo(200);
        HttpResponse<String> running = get(job);
        assertThat(at(running, "state")).isEqualTo("running");
        String tag = running.headers().firstValue("etag").orElseThrow();
        assertThat(get(job, "if-none-match", tag).statusCode()).isEqualTo(304);
        assertThat(get(job + "/result").statusCode()).isEqualTo(202);
        var waiting = client.sendAsync(request(GUEST, job + "?wait=30s").build(),
                BodyHandlers.ofString());
        assertThat(post(job + "/ack" + run, "{\"url\":1}", "content-type", "application/json")
                .statusCode()).isEqualTo(200);

        assertThat(at(waiting.get(), "state")).isEqualTo("succeeded");
        assertThat(get(job + "/result").body()).isEqualTo("{\"url\":1}");
        List<String> states = new ArrayList<>();
        events.body().filter(line -> line.startsWith("data: ")).forEach(line -> states.add(
                String.valueOf(((Map<?, ?>) Objects.requireNonNull(
                        Json.read(line.substring(6)))).get("state"))));
        assertThat(states).startsWith("queued").contains("running").endsWith("succeeded");
        assertThat(post(job + "/ack" + run, "").statusCode()).isEqualTo(200);
        assertThat(post(job + "/nack" + run, "{}").statusCode()).isEqualTo(409);
    }

    @Test
    void aWorkerOverAmqpReportsItsResult() throws Exception {
        String job = enqueue("/jobs/images", "a.png");
        ConnectionFactory factory = new ConnectionFactory();
        factory.setPort(broker.amqpAddress().orElseThrow().getPort());
        try (Connection connection = factory.newConnection();
                Channel channel = connection.createChannel()) {
            GetResponse got = channel.basicGet("images", false);
            String id = got.getProps().getMessageId();
            assertThat(job).endsWith(id);
            AMQP.BasicProperties result = new AMQP.BasicProperties.Builder().correlationId(id)
                    .type("result").contentType("text/plain").build();
            channel.basicPublish("", "jobs.events", result,
                    "fine".getBytes(StandardCharsets.UTF_8));
            channel.basicAck(got.getEnvelope().getDeliveryTag(), false);

            HttpResponse<String> done = get(job + "?wait=20s");
            assertThat(at(done, "state")).isEqualTo("succeeded");
            if (get(job + "/result").statusCode() == 204) {
                // A result may be stored after the acknowledgement.
                String tag = done.headers().firstValue("etag").orElseThrow();
                assertThat(get(job + "?wait=20s", "if-none-match", tag).statusCode())
                        .isEqualTo(200);
            }
            assertThat(get(job + "/result").body()).isEqualTo("fine");
        }
    }

    @Test
    void badRequestsGetProblems() {
        String job = enqueue("/jobs/q", "x");
        Map<?, ?> taken = fetch("q");
        String run = "?run=" + taken.get("run");
        problem(400, post(job + "/heartbeat" + run, "{\"progress\":"));
        problem(400, post(job + "/heartbeat" + run, "{\"progres\":1}"));
        problem(400, post(job + "/heartbeat" + run, "{\"progress\":\"1\"}"));
        problem(400, post(job + "/heartbeat" + run, "[]"));
        problem(400, post(job + "/heartbeat", "{}"));
        problem(400, post("/jobs/q?delay=never", "x"));
        problem(400, post("/jobs/q?attempts=0", "x"));
        problem(400, post("/jobs/q?priorty=1", "x"));
        problem(400, post("/jobs/q", "{}", "content-type", "application/cloudevents+json"));
        problem(404, get("/jobs/01a23180-24f0-77b3-8d38-1919a317fb73"));
        problem(404, post("/jobs/q?vhost=none", "x"));
        problem(404, post("/jobs/none/fetch", "{}"));
        problem(409, post(job + "/ack?run=7", ""));
        problem(409, post(job + "/retry", ""));
        problem(413, post("/jobs/q", "x".repeat(20_000)));
        problem(401, send(request("guest:wrong", job)));
        problem(404, get("/nothing"));
    }

    private static void problem(int status, HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type"))
                .contains("application/problem+json");
        assertThat(at(response, "detail").toString()).isNotEmpty();
    }

    @Test
    void rightsAreThoseToTheQueue() {
        user("maria", "", "q", "");
        user("peter", "", "", "q");
        String job = enqueue("/jobs/q", "x");

        problem(403, send(request("peter:pw", "/jobs/q").POST(BodyPublishers.ofString("x"))));
        problem(403, send(request("maria:pw", "/jobs/new").POST(BodyPublishers.ofString("x"))));
        problem(403, send(request("maria:pw", "/jobs/q/fetch")
                .POST(BodyPublishers.ofString("{}"))));
        problem(403, send(request("peter:pw", job).DELETE()));
        assertThat(send(request("maria:pw", job)).statusCode()).isEqualTo(200);
        assertThat(send(request("peter:pw", job)).statusCode()).isEqualTo(200);
        assertThat(send(request("maria:pw", job).DELETE()).statusCode()).isEqualTo(200);
    }

    private void user(String name, String configure, String write, String read) {
        put("/api/users/" + name, Map.of("password", "pw", "tags", ""));
        put("/api/permissions/%2F/" + name, Map.of("configure", "^" + configure + "$", "write",
                "^" + write + "$", "read", "^" + read + "$"));
    }

    private void put(String path, Object body) {
        assertThat(send(request(GUEST, path).PUT(BodyPublishers.ofString(Json.write(body))))
                .statusCode()).isIn(201, 204);
    }

    @Test
    void aRestartKeepsJobs() {
        String done = enqueue("/jobs/q", "first");
        String run = "?run=" + fetch("q").get("run");
        assertThat(post(done + "/ack" + run, "").statusCode()).isEqualTo(200);
        String held = enqueue("/jobs/q", "second");
        assertThat(fetch("q").get("run")).isNotNull();
        String later = enqueue("/jobs/q?delay=1h", "third");

        broker.close();
        start();
        assertThat(at(get(done), "state")).isEqualTo("succeeded");
        assertThat(at(get(held), "state")).isEqualTo("queued");
        assertThat(at(get(later), "state")).isEqualTo("scheduled");
        assertThat(held).endsWith(String.valueOf(fetch("q").get("id")));
        assertThat(post("/jobs/q/fetch", "{}").statusCode()).isEqualTo(204);
    }

    /** An attempt that a stop of the broker ends is not a failure of its worker. */
    @Test
    void aStopDoesNotCountAsAFailureOfAWorker() throws Exception {
        String job = enqueue("/jobs/q?attempts=1", "body");
        ConnectionFactory factory = new ConnectionFactory();
        factory.setPort(broker.amqpAddress().orElseThrow().getPort());
        factory.setAutomaticRecoveryEnabled(false);
        Connection worker = factory.newConnection();
        GetResponse taken = worker.createChannel().basicGet("q", false);
        assertThat(job).endsWith(taken.getProps().getMessageId());
        while (!"running".equals(at(get(job), "state"))) {
            // The state is shown when it is on disk.
        }

        broker.close();
        start();
        worker.abort();

        assertThat(at(get(job), "state")).isEqualTo("queued");
        assertThat(job).endsWith(String.valueOf(fetch("q").get("id")));
    }

    @Test
    void theOpenJobSpecIsServed() {
        HttpResponse<String> pushed = post("/ojs/v1/jobs", "{\"type\":\"email.send\","
                + "\"args\":[1],\"options\":{\"queue\":\"email\","
                + "\"retry\":{\"max_attempts\":1}}}",
                "content-type", "application/openjobspec+json");
        assertThat(pushed.statusCode()).isEqualTo(201);
        Map<?, ?> job = (Map<?, ?>) at(pushed, "job");
        assertThat(job.get("state")).isEqualTo("available");
        String id = "{\"job_id\":\"" + job.get("id") + "\"";
        HttpResponse<String> fetched = post("/ojs/v1/workers/fetch",
                "{\"queues\":[\"none\",\"email\"]}");
        assertThat(((Map<?, ?>) at(fetched, "job")).get("state")).isEqualTo("active");
        HttpResponse<String> failed = post("/ojs/v1/workers/nack", id
                + ",\"error\":{\"code\":\"x\",\"message\":\"no\"}}");
        assertThat(at(failed, "state")).isEqualTo("discarded");
        assertThat((List<?>) at(get("/ojs/v1/dead-letter"), "jobs")).hasSize(1);
        assertThat(post("/ojs/v1/dead-letter/" + job.get("id") + "/retry", "").statusCode())
                .isEqualTo(200);
        assertThat(post("/ojs/v1/workers/ack", id + "}").statusCode()).isEqualTo(409);
        assertThat(post("/ojs/v1/workers/fetch", "{\"queues\":[\"email\"]}").statusCode())
                .isEqualTo(200);
        assertThat(at(post("/ojs/v1/workers/ack", id + ",\"result\":{\"ok\":true}}"), "state"))
                .isEqualTo("completed");
        HttpResponse<String> invalid = post("/ojs/v1/jobs", "{\"args\":[]}");
        assertThat(invalid.statusCode()).isEqualTo(400);
        assertThat(((Map<?, ?>) at(invalid, "error")).get("code")).isEqualTo("invalid_request");
    }
}
