package io.taffrail.testkit.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DeliverCallback;
import io.taffrail.cli.server.Taffrail;
import io.taffrail.cli.server.TaffrailOptions;
import io.taffrail.testkit.http.HttpCaller.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console's files and its requests. */
class ConsoleIT {

    @TempDir
    private Path dir;
    private Taffrail broker;
    private HttpCaller http;

    @BeforeEach
    void start() {
        broker = Taffrail.start(TaffrailOptions.of(Map.of("data.dir", dir.toString(),
                "kafka.listener", "127.0.0.1:0", "amqp.listener", "127.0.0.1:0",
                "http.listener", "127.0.0.1:0")));
        http = HttpCaller.of(broker);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private Connection connect() throws Exception {
        InetSocketAddress address = broker.amqpAddress().orElseThrow();
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(address.getHostString());
        factory.setPort(address.getPort());
        return factory.newConnection();
    }

    /** Declares the queue {@code orders} with ten messages. */
    private void orders(Channel channel) throws IOException {
        channel.queueDeclare("orders", true, false, false, Map.of());
        for (int i = 0; i < 10; i++) {
            channel.basicPublish("", "orders", null,
                    ("order " + i).getBytes(StandardCharsets.UTF_8));
        }
        channel.queueDeclarePassive("orders");
    }

    @Test
    void filesAreServedWithTheirHash() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        String root = "http://127.0.0.1:" + broker.httpAddress().orElseThrow().getPort();
        for (String path : new String[]{"/", "/console/app.js", "/console/vendor/lit-html.js",
            "/console/vendor/uplot.js", "/console/vendor/uplot.css", "/favicon.ico"}) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + path));
            HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(answer.headers().firstValue("content-security-policy").orElseThrow())
                    .contains("default-src 'self'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            String tag = answer.headers().firstValue("etag").orElseThrow();
            assertThat(client.send(request.header("if-none-match", tag).build(),
                    BodyHandlers.ofString()).statusCode()).as(path).isEqualTo(304);
        }
        for (String path : new String[]{"/console/no.js", "/console/..%2Fx.js",
            "/console/vendor/pom.xml", "/console/HttpTag.class"}) {
            assertThat(client.send(HttpRequest.newBuilder(URI.create(root + path)).build(),
                    BodyHandlers.ofString()).statusCode()).as(path).isEqualTo(404);
        }
    }

    @Test
    void lookingTakesNothing() throws Exception {
        try (Connection connection = connect(); Channel channel = connection.createChannel()) {
            orders(channel);
            Answer page = http.get("/taffrail/queues/%2F/orders/messages?from=3&limit=2");
            assertThat(page.size("messages")).isEqualTo(2);
            assertThat(page.at("messages", 0, "payload")).isEqualTo("order 3");
            assertThat(page.at("messages", 0, "state")).isEqualTo("ready");
            assertThat(page.number("next")).isEqualTo(5);
            assertThat(http.get("/taffrail/queues/%2F/orders/messages?text=order%207")
                    .number("messages", 0, "offset")).isEqualTo(7);
            assertThat(http.get("/taffrail/queues/%2F/orders/messages?last=1")
                    .number("messages", 0, "offset")).isEqualTo(9);
            assertThat(http.get("/taffrail/queues/%2F/orders/messages?key=other")
                    .size("messages")).isZero();
            assertThat(http.get("/taffrail/queues/%2F/orders/messages?time=0")
                    .number("messages", 0, "offset")).isZero();
            assertThat(http.get("/taffrail/queues/%2F/orders/messages/4").at("payload"))
                    .isEqualTo("order 4");
            assertThat(http.get("/taffrail/queues/%2F/orders/messages/99").status())
                    .isEqualTo(404);
            assertThat(channel.messageCount("orders")).isEqualTo(10);
            assertThat(channel.basicGet("orders", true).getEnvelope().isRedeliver()).isFalse();
        }
    }

    @Test
    void tellsWhyMessagesWait() throws Exception {
        try (Connection connection = connect(); Channel channel = connection.createChannel()) {
            orders(channel);
            String why = "/taffrail/queues/%2F/orders/why";
            assertThat(http.get(why).at("causes", 0, "kind")).isEqualTo("no_consumer");
            CountDownLatch delivered = new CountDownLatch(2);
            channel.basicQos(2);
            DeliverCallback keeps = (_, _) -> delivered.countDown();
            var _ = channel.basicConsume("orders", false, "slow", keeps, _ -> {});
            assertThat(delivered.await(20, TimeUnit.SECONDS)).isTrue();
            Answer full = http.get(why);
            assertThat(full.at("causes", 0, "kind")).isEqualTo("prefetch_full");
            assertThat(full.text("causes", 0, "text")).contains("slow", "2 of at most 2");
            assertThat(full.at("consumers", 0, "block")).isEqualTo("prefetch_full");
            Answer held = http.get("/taffrail/queues/%2F/orders/messages/1/why");
            assertThat(held.at("state")).isEqualTo("held");
            assertThat(held.at("holder", "consumer_tag")).isEqualTo("slow");
            Answer behind = http.get("/taffrail/queues/%2F/orders/messages/5/why");
            assertThat(behind.at("causes", 0, "kind")).isEqualTo("behind_others");
            assertThat(behind.number("ahead")).isEqualTo(3);
            assertThat(http.get("/taffrail/queues/%2F/nothing/why").status()).isEqualTo(404);
        }
    }

    @Test
    void rightsAreThoseOfAmqp() throws Exception {
        try (Connection connection = connect(); Channel channel = connection.createChannel()) {
            orders(channel);
        }
        assertThat(http.call("PUT", "/users/eve", Map.of("password", "x", "tags", "management"))
                .status()).isEqualTo(201);
        HttpCaller eve = http.as("eve:x");
        String messages = "/taffrail/queues/%2F/orders/messages";
        assertThat(eve.get(messages).status()).isEqualTo(401);
        assertThat(http.call("PUT", "/permissions/%2F/eve", Map.of("configure", "", "write", "",
                "read", "^other$")).status()).isEqualTo(201);
        assertThat(eve.get(messages).status()).isEqualTo(401);
        assertThat(eve.get("/taffrail/status").status()).isEqualTo(401);
        assertThat(eve.get("/taffrail/settings").status()).isEqualTo(401);
        assertThat(http.get("/taffrail/settings").size()).isGreaterThan(50);
        assertThat(http.get("/taffrail/status").at("healthy")).isEqualTo(true);
    }

    @Test
    void theLongestBacklogComesFirst() throws Exception {
        try (Connection connection = connect(); Channel channel = connection.createChannel()) {
            channel.queueDeclare("short", true, false, false, Map.of());
            channel.basicPublish("", "short", null, new byte[1]);
            orders(channel);
            Answer backlog = http.get("/taffrail/backlog");
            assertThat(backlog.at("queues", 0, "name")).isEqualTo("orders");
            assertThat(backlog.at("queues", 1, "name")).isEqualTo("short");
            assertThat(backlog.number("oldest")).isEqualTo(backlog.number("queues", 1, "oldest"));
            assertThat(backlog.number("messages_stored")).isEqualTo(11);
        }
    }

    /** Declares {@code orders} with ten messages, of which the first {@code dead} are rejected. */
    private void deadLetters(Channel channel, int dead) throws Exception {
        channel.exchangeDeclare("shop", "topic", true);
        channel.exchangeDeclare("dead", "fanout", true);
        channel.queueDeclare("orders", true, false, false,
                Map.of("x-dead-letter-exchange", "dead"));
        channel.queueDeclare("letters", true, false, false, Map.of());
        channel.queueBind("orders", "shop", "order.#");
        channel.queueBind("letters", "dead", "");
        for (int i = 0; i < 10; i++) {
            channel.basicPublish("shop", "order." + i % 2, null,
                    ("order " + i).getBytes(StandardCharsets.UTF_8));
        }
        for (int i = 0; i < dead; i++) {
            channel.basicReject(channel.basicGet("orders", false).getEnvelope()
                    .getDeliveryTag(), false);
        }
        channel.queueDeclarePassive("letters");
    }

    @Test
    void lettersReturnToWhereTheyCameFrom() throws Exception {
        try (Connection connection = connect(); Channel channel = connection.createChannel()) {
            deadLetters(channel, 6);
            channel.basicPublish("", "letters", null, "no letter".getBytes(StandardCharsets.UTF_8));
            assertThat(channel.messageCount("letters")).isEqualTo(7);
            assertThat(http.get("/taffrail/letters").at(0, "name")).isEqualTo("letters");
            String letters = "/taffrail/queues/%2F/letters";
            Answer preview = http.get(letters + "/letters");
            assertThat(preview.size("groups")).isEqualTo(2);
            assertThat(preview.at("groups", 0, "queue")).isEqualTo("orders");
            assertThat(preview.at("groups", 0, "reason")).isEqualTo("rejected");
            assertThat(preview.at("groups", 0, "routing_key")).isEqualTo("order.0");
            assertThat(preview.number("groups", 0, "messages")).isEqualTo(3);
            assertThat(preview.at("groups", 0, "exists")).isEqualTo(true);
            assertThat(preview.number("without_history")).isEqualTo(1);

            Answer some = http.call("POST", letters + "/redrive", Map.of("count", 2));
            assertThat(some.number("moved")).isEqualTo(2);
            Answer rest = http.call("POST", letters + "/redrive",
                    Map.of("origins", List.of(Map.of("queue", "orders"))));
            assertThat(rest.number("moved")).isEqualTo(4);
            assertThat(rest.number("stayed")).isEqualTo(1);
            assertThat(rest.at("complete")).isEqualTo(true);
            assertThat(channel.messageCount("letters")).isEqualTo(1);
            assertThat(channel.messageCount("orders")).isEqualTo(10);

            Answer back = http.get("/taffrail/queues/%2F/orders/messages?last=6&limit=1");
            assertThat(back.at("messages", 0, "payload")).isEqualTo("order 0");
            assertThat(back.at("messages", 0, "exchange")).isEqualTo("shop");
            assertThat(back.at("messages", 0, "routing_key")).isEqualTo("order.0");
            assertThat(back.number("messages", 0, "properties", "headers",
                    "x-taffrail-redriven")).isEqualTo(1);
        }
    }

    @Test
    void aRefusedMoveLosesNothing() throws Exception {
        try (Connection connection = connect(); Channel channel = connection.createChannel()) {
            deadLetters(channel, 4);
            channel.queueDeclare("small", true, false, false,
                    Map.of("x-max-length", 1, "x-overflow", "reject-publish"));
            String move = "/taffrail/queues/%2F/letters/move";
            Answer outcome = http.call("POST", move, Map.of("queue", "small"));
            assertThat(outcome.number("moved")).isEqualTo(1);
            assertThat(outcome.number("refused")).isEqualTo(3);
            assertThat(channel.messageCount("letters")).isEqualTo(3);
            assertThat(channel.messageCount("small")).isEqualTo(1);
            assertThat(http.call("POST", move, Map.of("queue", "missing")).status())
                    .isEqualTo(400);
            assertThat(http.call("POST", move, Map.of("queue", "letters")).status())
                    .isEqualTo(400);
            assertThat(http.call("POST", move, Map.of("queue", "orders", "count", 0)).status())
                    .isEqualTo(400);
        }
    }

    @Test
    void chosenMessagesMoveAndSurviveARestart() throws Exception {
        try (Connection connection = connect(); Channel channel = connection.createChannel()) {
            deadLetters(channel, 6);
            assertThat(http.call("POST", "/taffrail/queues/%2F/letters/move",
                    Map.of("queue", "orders", "offsets", List.of(1, 4)))
                    .number("moved")).isEqualTo(2);
        }
        broker.close();
        start();
        try (Connection connection = connect(); Channel channel = connection.createChannel()) {
            assertThat(channel.messageCount("letters")).isEqualTo(4);
            assertThat(channel.messageCount("orders")).isEqualTo(6);
            assertThat(new String(channel.basicGet("letters", true).getBody(),
                    StandardCharsets.UTF_8)).isEqualTo("order 0");
        }
    }

    @Test
    void delayedMessagesAreListedAndCancelled() throws Exception {
        try (Connection connection = connect(); Channel channel = connection.createChannel()) {
            channel.exchangeDeclare("later", "x-delayed-message", true, false,
                    Map.of("x-delayed-type", "fanout"));
            channel.confirmSelect();
            BasicProperties delay = new BasicProperties.Builder()
                    .headers(Map.of("x-delay", 600_000)).build();
            for (int i = 0; i < 3; i++) {
                channel.basicPublish("later", "k" + i, delay, new byte[7]);
            }
            channel.waitForConfirmsOrDie(20_000);
            Answer list = http.get("/taffrail/delayed/%2F");
            assertThat(list.number("count")).isEqualTo(3);
            assertThat(list.at("messages", 1, "routing_key")).isEqualTo("k1");
            assertThat(list.number("messages", 1, "bytes")).isEqualTo(7);
            String second = "/taffrail/delayed/%2F/" + list.number("messages", 1, "number");
            assertThat(http.call("DELETE", second, "").status()).isEqualTo(204);
            assertThat(http.call("DELETE", second, "").status()).isEqualTo(404);
            assertThat(http.get("/taffrail/delayed/%2F").number("count")).isEqualTo(2);
        }
    }

    @Test
    void offsetsAreResetAfterAPreview() throws Exception {
        assertThat(http.call("PUT", "/taffrail/topics/clicks", Map.of("partitions", 2, "config",
                Map.of("retention.ms", "3600000"))).status()).isEqualTo(201);
        assertThat(http.call("PUT", "/taffrail/topics/clicks", Map.of()).status())
                .isEqualTo(409);
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrap());
        TopicPartition partition = new TopicPartition("clicks", 1);
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(),
                new StringSerializer()); Admin admin = Admin.create(settings)) {
            for (int i = 0; i < 5; i++) {
                var _ = producer.send(new ProducerRecord<>("clicks", 1, "k" + i, "click " + i))
                        .get();
            }
            admin.alterConsumerGroupOffsets("reporting",
                    Map.of(partition, new OffsetAndMetadata(3))).all().get();
        }
        Answer topic = http.get("/taffrail/topics/clicks");
        assertThat(topic.number("partition_list", 1, "end")).isEqualTo(5);
        assertThat(topic.at("config", "retention.ms")).isEqualTo("3600000");
        assertThat(http.get("/taffrail/topics/clicks/1/messages?key=k2").at("messages", 0,
                "payload")).isEqualTo("click 2");
        assertThat(http.get("/taffrail/topics/clicks/9/messages").status()).isEqualTo(404);
        assertThat(http.get("/taffrail/groups").number(0, "lag")).isEqualTo(2);
        String group = "/taffrail/groups/reporting";
        Answer lag = http.get(group);
        assertThat(lag.number("partitions", 0, "lag")).isEqualTo(2);
        assertThat(lag.number("partitions", 0, "lag_ms")).isPositive();
        assertThat(lag.at("partitions", 0, "causes", 0, "kind")).isEqualTo("no_consumer");

        Map<String, Object> earliest = Map.of("to", "earliest");
        Answer preview = http.call("POST", group + "/reset",
                Map.of("to", "earliest", "dry_run", true));
        assertThat(preview.number("partitions", 0, "from")).isEqualTo(3);
        assertThat(preview.number("partitions", 0, "to")).isZero();
        assertThat(http.get(group).number("partitions", 0, "offset")).isEqualTo(3);
        assertThat(http.call("POST", group + "/reset", earliest).status()).isEqualTo(200);
        assertThat(http.get(group).number("partitions", 0, "offset")).isZero();
        assertThat(http.call("POST", group + "/reset", Map.of("to", "yesterday")).status())
                .isEqualTo(400);
        assertThat(http.call("DELETE", group, "").status()).isEqualTo(204);
        assertThat(http.get(group).status()).isEqualTo(404);
        assertThat(http.call("DELETE", "/taffrail/topics/clicks", "").status()).isEqualTo(204);
    }

    @Test
    void offsetsOfAGroupWithMembersStay() throws Exception {
        assertThat(http.call("PUT", "/taffrail/topics/clicks", Map.of()).status())
                .isEqualTo(201);
        Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrap(),
                "group.id", "live", "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of("clicks"));
            while (consumer.assignment().isEmpty()) {
                var _ = consumer.poll(Duration.ofMillis(100));
            }
            consumer.commitSync(Map.of(new TopicPartition("clicks", 0),
                    new OffsetAndMetadata(0)));
            Answer group = http.get("/taffrail/groups/live");
            assertThat(group.at("members", 0, "partitions", 0)).isEqualTo("clicks-0");
            assertThat(group.at("partitions", 0, "causes", 0, "kind"))
                    .isEqualTo("nothing_waits");
            Answer refused = http.call("POST", "/taffrail/groups/live/reset",
                    Map.of("to", "latest"));
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.text("reason")).contains("has members");
        }
    }

    @Test
    void openConsolesHearOfChanges() throws Exception {
        try (Connection connection = connect();
                Channel channel = connection.createChannel();
                Socket socket = new Socket(InetAddress.getLoopbackAddress(),
                        broker.httpAddress().orElseThrow().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write("""
                    GET /api/taffrail/live HTTP/1.1\r
                    host: x\r
                    authorization: Basic Z3Vlc3Q6Z3Vlc3Q=\r
                    \r
                    """
                    .getBytes(StandardCharsets.UTF_8));
            BufferedReader reader = new BufferedReader(new InputStreamReader(
                    socket.getInputStream(), StandardCharsets.UTF_8));
            String first = nextVersion(reader);
            channel.queueDeclare("news", true, false, false, Map.of());
            assertThat(nextVersion(reader)).isNotEqualTo(first);
        }
    }

    private static String nextVersion(BufferedReader reader) throws IOException {
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.startsWith("data:")) {
                return line;
            }
        }
        throw new AssertionError("the stream ended");
    }
}
