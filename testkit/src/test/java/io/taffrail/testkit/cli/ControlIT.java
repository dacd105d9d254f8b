package io.taffrail.testkit.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.impl.AMQConnection;
import io.taffrail.testkit.TaffrailBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Commands that a running broker takes through its control socket, and their effect
 * on AMQP clients.
 */
class ControlIT {

    private static final int PATIENCE_S = 20;

    private final TaffrailBroker broker = TaffrailBroker.start();
    private final Cli cli = new Cli("");
    private final List<Connection> connections = new ArrayList<>();

    @AfterEach
    void close() {
        connections.forEach(connection -> connection.abort(1000));
        broker.close();
    }

    private Path dataDir() {
        return broker.dataDir().orElseThrow();
    }

    private Cli.Result taffrail(String... args) throws Exception {
        List<String> all = new ArrayList<>(List.of(args));
        all.addAll(2, List.of("--data-dir", dataDir().toString()));
        return cli.run(all.toArray(String[]::new));
    }

    private void done(String... args) throws Exception {
        Cli.Result result = taffrail(args);
        assertThat(result.code()).as(result.err()).isZero();
    }

    /** Changes a user with a password from standard input. */
    private void withPassword(String password, String command, String user) throws Exception {
        Cli.Result result = cli.runWith(password, "user", command, user, "--password-file", "-",
                "--data-dir", dataDir().toString());
        assertThat(result.code()).as(result.err()).isZero();
    }

    private Connection connect(String user, String host) throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost(broker.amqpAddress().getHostString());
        factory.setPort(broker.amqpAddress().getPort());
        factory.setUsername(user);
        factory.setPassword(user);
        factory.setVirtualHost(host);
        factory.setAutomaticRecoveryEnabled(false);
        Connection connection = factory.newConnection();
        connections.add(connection);
        return connection;
    }

    private Channel guest() throws Exception {
        Channel channel = connect("guest", "/").createChannel();
        channel.confirmSelect();
        return channel;
    }

    private static void publish(Channel channel, String exchange, String key,
            Map<String, Object> headers) throws Exception {
        channel.basicPublish(exchange, key,
                new AMQP.BasicProperties.Builder().headers(headers).build(), new byte[3]);
        channel.waitForConfirmsOrDie(TimeUnit.SECONDS.toMillis(PATIENCE_S));
    }

    @Test
    void policyAppliesToWhatIsThere() throws Exception {
        Channel channel = guest();
        channel.queueDeclare("q", true, false, false, null);
        publish(channel, "", "q", Map.of());
        publish(channel, "", "q", Map.of());

        done("policy", "create", "short", "^q$", "{\"max-length\":1}", "--priority", "7");

        assertThat(channel.messageCount("q")).isEqualTo(1);
        assertThat(taffrail("policy", "list").lines().getLast())
                .matches("short +\\^q\\$ +all +7 +\\{\"max-length\":1}");
        done("policy", "delete", "short");
        publish(channel, "", "q", Map.of());
        assertThat(channel.messageCount("q")).isEqualTo(2);
        Cli.Result refused = taffrail("policy", "set", "bad", "q", "{\"max-length\":-1}");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("-1 is not a valid maximum length");
    }

    @Test
    void queuesAreListedWithWhatTheyHold() throws Exception {
        Channel channel = guest();
        channel.queueDeclare("a", true, false, false, Map.of("x-max-length", 9));
        channel.queueDeclare("b", true, false, false, Map.of("x-queue-type", "stream"));
        channel.queueDeclare("c", true, false, false, Map.of("x-max-priority", 3));
        for (String queue : List.of("a", "b", "c")) {
            for (int count = 0; count < 4; count++) {
                publish(channel, "", queue, Map.of());
            }
        }
        for (String queue : List.of("a", "c")) {
            long first = channel.basicGet(queue, false).getEnvelope().getDeliveryTag();
            channel.basicGet(queue, false);
            channel.basicNack(first, false, true);
            channel.basicGet(queue, true);
        }
        done("policy", "set", "short", "^a$", "{\"max-length\":7}");
        channel.queueDeclarePassive("a");

        assertThat(taffrail("queue", "list").lines().stream().map(line -> line.split(" +")))
                .containsExactly(
                        new String[]{"NAME", "TYPE", "DURABLE", "READY", "UNACKED", "CONSUMERS",
                            "POLICY"},
                        new String[]{"a", "classic", "true", "2", "1", "0", "short"},
                        new String[]{"b", "stream", "true", "4", "0", "0", "-"},
                        new String[]{"c", "classic", "true", "2", "1", "0", "-"});
        assertThat(taffrail("queue", "list", "--json").lines().getFirst())
                .contains("\"auto_delete\":false", "\"arguments\":{\"x-max-length\":9}");
        assertThat(taffrail("queue", "list", "--sort=-ready", "--filter", "[!b]*").lines())
                .hasSize(1);
        assertThat(taffrail("queue", "list", "--sort=-name", "--filter", "?").lines().stream()
                .map(line -> line.substring(0, 1))).containsExactly("N", "c", "b", "a");
        Cli.Result described = taffrail("queue", "describe", "a", "none");
        assertThat(described.code()).isEqualTo(4);
        assertThat(described.out()).contains("auto delete         false\n",
                "ready               2\n");
    }

    @Test
    void queuesArePurgedAndDeleted() throws Exception {
        Channel channel = guest();
        channel.queueDeclare("a", true, false, false, null);
        channel.queueDeclare("own", false, true, false, null);
        publish(channel, "", "a", Map.of());

        Cli.Result refused = taffrail("queue", "delete", "a", "--if-empty");
        assertThat(refused.code()).isEqualTo(11);
        assertThat(refused.err()).contains("queue 'a' in vhost '/' not empty");
        assertThat(taffrail("queue", "purge", "none", "a")).isEqualTo(new Cli.Result(4,
                "purged 1 message from queue a\n",
                "taffrail: no queue 'none' in vhost '/'\n"));
        assertThat(channel.messageCount("a")).isZero();
        assertThat(taffrail("queue", "delete", "a", "--if-empty", "--json").out())
                .isEqualTo("{\"deleted\":\"a\",\"messages\":0}\n");

        assertThat(taffrail("queue", "delete", "a", "--json")).isEqualTo(new Cli.Result(4, "",
                "{\"error\":{\"code\":\"not_found\",\"message\":\"no queue 'a' in vhost '/'\"}}\n"));
        assertThat(taffrail("queue", "purge", "own").err())
                .contains("cannot obtain exclusive access to locked queue 'own'");
        assertThat(taffrail("queue", "list").lines()).hasSize(2);
    }

    @Test
    void exchangesAndBindingsAreListed() throws Exception {
        Channel channel = guest();
        channel.queueDeclare("q", true, false, false, null);
        channel.exchangeDeclare("e", "headers", true, true, null);
        channel.queueBind("q", "e", "k", Map.of("x-match", "any", "n", 1));
        channel.exchangeBind("e", "amq.topic", "a.#");

        assertThat(taffrail("exchange", "list").lines())
                .anyMatch(line -> line.matches("e +headers +true +true +false +\\{}"))
                .anyMatch(line -> line.matches("amq.match +headers +true +false +false +\\{}"));
        List<String> bindings = taffrail("binding", "list").lines();
        assertThat(bindings).hasSize(3);
        assertThat(bindings.get(1)).matches("amq.topic +e +exchange +a.# +\\{}");
        assertThat(bindings.get(2)).startsWith("e ").contains(" q ", " queue ", "\"n\":1");
    }

    @Test
    void delayedMessagesAreListedAndCancelled() throws Exception {
        Channel channel = guest();
        channel.exchangeDeclare("later", "x-delayed-message", true, false,
                Map.of("x-delayed-type", "direct"));
        publish(channel, "later", "k", Map.of("x-delay", 600_000));
        publish(channel, "later", "other", Map.of("x-delay", 600_000));

        List<String> listed = taffrail("delayed", "list").lines();
        assertThat(listed).hasSize(3);
        assertThat(listed.get(1)).startsWith("0 ").contains("later").endsWith("3");
        done("delayed", "delete", "0");

        assertThat(taffrail("delayed", "list").lines()).hasSize(2).last().asString()
                .startsWith("1 ").contains("other");
        assertThat(taffrail("delayed", "cancel", "0").err()).contains("no delayed message 0");
    }

    @Test
    void virtualHostsAreApartAndGoWithTheirConnections() throws Exception {
        assertThatThrownBy(() -> connect("guest", "one")).rootCause()
                .hasMessageContaining("reply-code=530")
                .hasMessageContaining("NOT_ALLOWED - vhost one not found");
        done("vhost", "create", "one", "two");
        Connection one = connect("guest", "one");
        Channel first = one.createChannel();
        Channel second = connect("guest", "two").createChannel();
        first.queueDeclare("q", true, false, false, null);
        second.queueDeclare("q", true, false, false, null);
        first.confirmSelect();
        publish(first, "", "q", Map.of());
        assertThat(second.messageCount("q")).isZero();
        broker.restart();
        assertThat(taffrail("vhost", "list").lines()).containsExactly("/", "one", "two");
        done("vhost", "add", "two", "--default-queue-type", "quorum");
        assertThat(taffrail("vhost", "list", "--json").lines().getLast())
                .isEqualTo("{\"name\":\"two\",\"default_queue_type\":\"quorum\"}");
        Connection again = connect("guest", "one");
        assertThat(again.createChannel().messageCount("q")).isEqualTo(1);
        CompletableFuture<ShutdownSignalException> closed = new CompletableFuture<>();
        again.addShutdownListener(closed::complete);

        done("vhost", "delete", "one");

        assertThat(closed.get(PATIENCE_S, TimeUnit.SECONDS).getMessage())
                .contains("CONNECTION_FORCED - vhost 'one' is deleted");
        assertThat(taffrail("vhost", "list").lines()).containsExactly("/", "two");
        assertThat(taffrail("vhost", "delete", "one").err())
                .isEqualTo("taffrail: no virtual host 'one'\n");
    }

    @Test
    void userMayDoWhatItsPermissionsSay() throws Exception {
        withPassword("maria\n", "add", "maria");
        assertThatThrownBy(() -> connect("maria", "/")).rootCause()
                .hasMessageContaining("access to vhost '/' refused for user 'maria'");
        done("user", "set-permissions", "maria", "^mine", "^mine|amq.default", "^mine");
        broker.restart();
        Connection maria = connect("maria", "/");
        maria.createChannel().queueDeclare("mine", true, false, false, null);
        guest().queueDeclare("other", true, false, false, null);

        assertThatThrownBy(
                () -> maria.createChannel().queueDeclare("other", true, false, false, null))
                .rootCause().hasMessageContaining("reply-code=403").hasMessageContaining(
                        "ACCESS_REFUSED - configure access to queue 'other' in vhost '/'"
                                + " refused for user 'maria'");
        maria.createChannel().queueDeclarePassive("other");
        assertThatThrownBy(() -> maria.createChannel().basicGet("other", true)).rootCause()
                .hasMessageContaining("read access to queue 'other'");
        assertThatThrownBy(() -> maria.createChannel().queueBind("mine", "amq.topic", "k"))
                .rootCause().hasMessageContaining("read access to exchange 'amq.topic'");
        Channel publisher = maria.createChannel();
        publisher.confirmSelect();
        publish(publisher, "", "mine", Map.of());
        assertThatThrownBy(() -> publish(publisher, "amq.topic", "k", Map.of()))
                .isInstanceOfAny(AlreadyClosedException.class, IOException.class,
                        ShutdownSignalException.class);
        assertThat(publisher.getCloseReason().getMessage())
                .contains("write access to exchange 'amq.topic'");
        assertThat(taffrail("user", "list").lines().getLast()).startsWith("maria  /");
        withPassword("other", "set-password", "maria");
        assertThatThrownBy(() -> connect("maria", "/")).isInstanceOf(IOException.class);
        done("user", "delete", "maria");
        assertThat(taffrail("user", "list").lines()).hasSize(1);
    }

    @Test
    void aPasswordIsNotTakenFromTheCommandLineAndNeverShown() throws Exception {
        for (List<String> words : List.of(List.of("--password=gehe1m"),
                List.of("--password", "gehe1m"), List.of("gehe1m"))) {
            List<String> command = new ArrayList<>(List.of("user", "add", "maria"));
            command.addAll(words);
            Cli.Result refused = taffrail(command.toArray(String[]::new));
            assertThat(refused.code()).isEqualTo(2);
            assertThat(refused.err()).contains("--password-file", "TAFFRAIL_PASSWORD")
                    .doesNotContain("gehe1m");
        }
        assertThat(taffrail("user", "add", "maria").err()).contains("no password is given");
        assertThat(taffrail("user", "list").lines()).hasSize(1);
    }

    @Test
    void takesTheHashOfAPassword() throws Exception {
        String scram = cli.runWith("maria\n", "user", "hash", "--password-file", "-").out();
        assertThat(scram).startsWith("SCRAM-SHA-256$").doesNotContain("maria");
        assertThat(cli.runWith(scram, "user", "add", "maria", "--hashed", "--password-file", "-",
                "--data-dir", dataDir().toString()).code()).isZero();
        done("user", "set-permissions", "maria", ".*", ".*", ".*");

        assertThat(connect("maria", "/").isOpen()).isTrue();
    }

    @Test
    void connectionsAreListedAndClosed() throws Exception {
        Connection guest = connect("guest", "/");
        CompletableFuture<ShutdownSignalException> closed = new CompletableFuture<>();
        guest.addShutdownListener(closed::complete);
        String name = "127.0.0.1:" + ((AMQConnection) guest).getLocalPort();

        assertThat(taffrail("connection", "list").lines()).hasSize(2).last().asString()
                .matches(name + " +amqp +guest +/ +- +-");
        assertThat(taffrail("connection", "close", "127.0.0.1:1", name)).isEqualTo(
                new Cli.Result(4, "closed connection " + name + "\n",
                        "taffrail: no connection '127.0.0.1:1'\n"));
        assertThat(closed.get(PATIENCE_S, TimeUnit.SECONDS).getMessage())
                .contains("CONNECTION_FORCED - closed by an operator");
    }

    @Test
    void settingsInForceAreShownWithTheirOrigin() throws Exception {
        assertThat(taffrail("config", "describe", "--json").lines())
                .anyMatch(
                        line -> line.startsWith("{\"name\":\"data.dir\",\"value\":\"" + dataDir()));
        assertThat(taffrail("config", "describe", "--all", "--filter", "node.id").lines().getLast())
                .matches("node.id +1 +default");
    }

    @Test
    void theControlSocketIsItsOwnersAlone() throws Exception {
        Path socket = dataDir().resolve("control").resolve("socket");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(
                Files.getPosixFilePermissions(dataDir().resolve("control"))))
                .isEqualTo("rwx------");
    }

    @Test
    void statusTellsHowTheBrokerIs() throws Exception {
        guest();

        Cli.Result text = cli.run("status", "--data-dir", dataDir().toString());
        Cli.Result json = cli.run("status", "--json", "--data-dir", dataDir().toString());

        assertThat(text.code()).as(text.err()).isZero();
        assertThat(text.out()).contains("listening   kafka " + broker.bootstrap(),
                ", connections: 1", "storage     " + dataDir(), "health      everything is in use");
        assertThat(json.code()).isZero();
        assertThat(json.lines()).singleElement().asString().startsWith("{\"healthy\":true,")
                .contains("\"quarantined_queues\":[]");
    }
}
