package io.taffrail.amqp.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import io.taffrail.amqp.codec.AmqpException;
import io.taffrail.amqp.codec.BasicMethod;
import io.taffrail.amqp.codec.ChannelMethod;
import io.taffrail.amqp.codec.ConfirmMethod;
import io.taffrail.amqp.codec.ConnectionMethod;
import io.taffrail.amqp.codec.LongString;
import io.taffrail.amqp.codec.Method;
import io.taffrail.amqp.codec.QueueMethod;
import io.taffrail.broker.message.FieldTable;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AmqpConnectionTest {

    @RegisterExtension
    final HeadFixture head = new HeadFixture();

    @Test
    void theJavaClientOpensAndCloses() throws Exception {
        try (Connection connection = head.clients().newConnection()) {
            assertThat(connection.getChannelMax()).isEqualTo(2047);
            assertThat(connection.getFrameMax()).isEqualTo(131_072);
            assertThat(connection.getHeartbeat()).isEqualTo(60);
            assertThat(connection.getServerProperties()).containsKeys("capabilities", "product");
            assertThat(connection.getServerProperties().get("capabilities"))
                    .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                    .hasSize(9).containsEntry("publisher_confirms", true);

            Channel channel = connection.createChannel();
            channel.close();
        }
        assertThat(head.queues().closed.poll(10, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void aMandatoryMessageComesBackBeforeItIsConfirmed() throws Exception {
        try (Connection connection = head.clients().newConnection()) {
            Channel channel = connection.createChannel();
            channel.confirmSelect();
            CompletableFuture<String> returned = new CompletableFuture<>();
            channel.addReturnListener(back -> returned.complete(
                    back.getReplyCode() + " " + back.getReplyText() + " "
                            + new String(back.getBody(),
                                    java.nio.charset.StandardCharsets.US_ASCII)));

            channel.basicPublish("", "nobody", true, null, new byte[]{'h', 'i'});
            channel.waitForConfirmsOrDie(10_000);

            assertThat(returned).isCompletedWithValue("312 NO_ROUTE hi");
        }
    }

    @Test
    void aBodyOfManyFramesComesBackWhole() throws Exception {
        ConnectionFactory clients = head.clients();
        clients.setRequestedFrameMax(4096);
        try (Connection connection = clients.newConnection()) {
            Channel channel = connection.createChannel();
            byte[] body = new byte[1_000_000];
            new java.util.Random(1).nextBytes(body);
            CompletableFuture<byte[]> returned = new CompletableFuture<>();
            channel.addReturnListener(back -> returned.complete(back.getBody()));

            channel.basicPublish("", "nobody", true, null, body);

            assertThat(returned.get(10, TimeUnit.SECONDS)).isEqualTo(body);
        }
    }

    @Test
    void aWrongPasswordIsRefusedWithAReason() {
        ConnectionFactory clients = head.clients();
        clients.setPassword("wrong");

        assertThatThrownBy(clients::newConnection)
                .isInstanceOf(AuthenticationFailureException.class)
                .hasMessageContaining("ACCESS_REFUSED - Login was refused using authentication"
                        + " mechanism PLAIN");
    }

    @Test
    void anUnknownVirtualHostIsNotAllowed() {
        ConnectionFactory clients = head.clients();
        clients.setVirtualHost("elsewhere");

        assertThatThrownBy(clients::newConnection).rootCause()
                .isInstanceOf(ShutdownSignalException.class)
                .hasMessageContaining("NOT_ALLOWED - vhost elsewhere not found");
    }

    @Test
    void amqplainIsUnderstood() throws IOException {
        try (RawClient client = new RawClient(head.port())) {
            client.header();
            client.receive();
            client.send(0, RawClient.login("AMQPLAIN",
                    "\5LOGINS\0\0\0\5maria\10PASSWORDS\0\0\0\6secret"));

            assertThat(client.receive()).isEqualTo(new ConnectionMethod.Tune(2047, 131_072, 60));
        }
    }

    @Test
    void anotherProtocolIsToldOursAndClosed() throws IOException {
        try (RawClient client = new RawClient(head.port())) {
            client.bytes('G', 'E', 'T', ' ', '/', ' ', 'H', 'T', 'T', 'P');

            assertThat(client.rest()).isEqualTo(new byte[]{'A', 'M', 'Q', 'P', 0, 0, 9, 1});
        }
    }

    @Test
    void impossibleTuningClosesTheSocket() throws IOException {
        try (RawClient client = new RawClient(head.port())) {
            client.header();
            client.receive();
            client.send(0, RawClient.login("PLAIN", "\0guest\0guest"),
                    new ConnectionMethod.TuneOk(2047, 1 << 20, 60));

            assertThat(client.receive()).isInstanceOf(ConnectionMethod.Tune.class);
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void framesInTheWrongPlaceEndTheConnectionAsRabbitMqEndsIt() throws IOException {
        closesWith(505, "expected method frame, got non method frame instead", client -> {
            client.send(1, new ChannelMethod.Open(""));
            client.bytes(3, 0, 1, 0, 0, 0, 1, 'x', 0xCE);
        });
        closesWith(504, "expected 'channel.open'",
                client -> client.send(1, new ChannelMethod.Flow(true)));
        closesWith(504, "second 'channel.open' seen",
                client -> client.send(1, new ChannelMethod.Open(""), new ChannelMethod.Open("")));
        closesWith(503, "unimplemented method", client -> client.send(1,
                new ChannelMethod.Open(""), new ConnectionMethod.Open("/", "", false)));
        closesWith(501, "invalid_frame_end_marker",
                client -> client.bytes(8, 0, 0, 0, 0, 0, 0, 0));
        closesWith(501, "a heartbeat with a payload",
                client -> client.bytes(8, 0, 0, 0, 0, 0, 1, 'x', 0xCE));
        closesWith(501, "a method goes on behind its arguments",
                client -> client.bytes(1, 0, 1, 0, 0, 0, 6, 0, 20, 0, 10, 0, 'x', 0xCE));
        closesWith(504, "unexpected method in connection state running",
                client -> client.send(0, new ConnectionMethod.CloseOk()));
        closesWith(501, "there is no such frame",
                client -> client.bytes(9, 0, 0, 0, 0, 0, 0, 0xCE));
        closesWith(501, "frame_too_large", client -> client.bytes(3, 0, 1, 1, 0, 0, 0));
        closesWith(540, "active=false", client -> client.send(1, new ChannelMethod.Open(""),
                new ChannelMethod.Flow(false)));
    }

    @Test
    void frameThatCannotBeReadNamesNoMethodAndContentNamesThePublish() throws IOException {
        assertThat(closed(client -> {
            client.send(1, new ChannelMethod.Open(""), new BasicMethod.Qos(0, 1, false));
            client.bytes(1, 0, 1, 0, 0, 0, 6, 0, 20, 0, 10, 0, 'x', 0xCE);
        })).extracting("failingClassId", "failingMethodId").containsExactly(0, 0);
        assertThat(closed(client -> {
            client.send(1, new ChannelMethod.Open(""), new BasicMethod.Qos(0, 1, false));
            client.bytes(3, 0, 1, 0, 0, 0, 1, 'x', 0xCE);
        })).extracting("failingClassId", "failingMethodId").containsExactly(0, 0);
        assertThat(closed(client -> client.send(1, new ChannelMethod.Open(""),
                new BasicMethod.Publish("", "q", false, false), new BasicMethod.Qos(0, 1, false))))
                .extracting("failingClassId", "failingMethodId").containsExactly(60, 40);
    }

    private ConnectionMethod.Close closed(Misdeed misdeed) throws IOException {
        try (RawClient client = new RawClient(head.port()).open()) {
            misdeed.doneBy(client);
            while (true) {
                if (client.receive() instanceof ConnectionMethod.Close close) {
                    return close;
                }
            }
        }
    }

    @Test
    void whatIsBehindAFrameInTheWrongPlaceIsReadOn() throws IOException {
        try (RawClient client = new RawClient(head.port()).open()) {
            // A heartbeat with a payload, then the first half of a frame that is completed later.
            client.bytes(8, 0, 0, 0, 0, 0, 1, 'x', 0xCE, 1, 0, 1, 0, 0, 0, 5, 0, 20);
            assertThat(client.receive()).isInstanceOf(ConnectionMethod.Close.class);

            client.bytes(0, 10, 0, 0xCE);
            client.send(0, new ConnectionMethod.Close(200, "bye", 0, 0));

            assertThat(client.receive()).isEqualTo(new ConnectionMethod.CloseOk());
        }
    }

    @Test
    void whatIsBehindBytesThatAreNoFrameIsDroppedUntilTheClientHasHeardWhy() throws IOException {
        try (RawClient client = new RawClient(head.port()).open()) {
            client.bytes(9, 0, 0, 0, 0, 0, 0, 0xCE);
            client.bytes(9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9);

            assertThat(client.receive()).isInstanceOf(ConnectionMethod.Close.class);
            assertThat(client.rest()).isEmpty();
        }
    }

    private interface Misdeed {
        void doneBy(RawClient client) throws IOException;
    }

    private void closesWith(int code, String text, Misdeed misdeed) throws IOException {
        try (RawClient client = new RawClient(head.port()).open()) {
            misdeed.doneBy(client);
            Method answer = client.receive();
            while (answer instanceof ChannelMethod.OpenOk) {
                answer = client.receive();
            }
            assertThat(answer).isInstanceOfSatisfying(ConnectionMethod.Close.class, close -> {
                assertThat(close.replyCode()).as(close.replyText()).isEqualTo(code);
                assertThat(close.replyText()).contains(text);
            });
            client.send(0, new ConnectionMethod.CloseOk());
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void anUnknownMethodClosesTheSocket() throws IOException {
        try (RawClient client = new RawClient(head.port()).open()) {
            client.bytes(1, 0, 0, 0, 0, 0, 4, 0, 10, 0, 99, 0xCE);

            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void anErrorOfAChannelLeavesTheOthersAlone() throws Exception {
        try (Connection connection = head.clients().newConnection()) {
            Channel other = connection.createChannel();
            Channel broken = connection.createChannel();

            CompletableFuture<ShutdownSignalException> told = new CompletableFuture<>();
            broken.addShutdownListener(told::complete);
            broken.basicAck(1, false);

            assertThat(told.get()).hasMessageContaining(
                    "PRECONDITION_FAILED - unknown delivery tag 1, class-id=60, method-id=80");

            other.basicQos(1);
            connection.createChannel().basicQos(1);
        }
    }

    @Test
    void secretsAreUpdated() throws IOException {
        try (RawClient client = new RawClient(head.port()).open()) {
            client.send(0, new ConnectionMethod.UpdateSecret(LongString.of("new"), "a test"));

            assertThat(client.receive()).isEqualTo(new ConnectionMethod.UpdateSecretOk());
        }
    }

    @Test
    void stoppingTellsTheClients() throws Exception {
        CompletableFuture<ShutdownSignalException> told = new CompletableFuture<>();
        try (Connection connection = head.clients().newConnection()) {
            connection.addShutdownListener(told::complete);

            head.listener().close();

            assertThat(told.get(10, TimeUnit.SECONDS)).hasMessageContaining("CONNECTION_FORCED");
        } catch (com.rabbitmq.client.AlreadyClosedException e) {
            assertThat(told).isDone();
        }
    }

    @Test
    void reasonsAreWordedAsRabbitMqWordsThem() {
        assertThat(new AmqpException(io.taffrail.amqp.codec.ReplyCode.NOT_FOUND,
                "no queue 'q' in vhost '/'").replyText())
                .isEqualTo("NOT_FOUND - no queue 'q' in vhost '/'");
    }

    @Test
    void whatComesBehindADeclarationWaitsForIt() throws Exception {
        try (RawClient client = new RawClient(head.port()).open()) {
            client.send(1, new ChannelMethod.Open(""),
                    new QueueMethod.Declare("q", true, false, false, false, false,
                            FieldTable.EMPTY),
                    new ConfirmMethod.Select(false));
            assertThat(client.receive()).isInstanceOf(ChannelMethod.OpenOk.class);
            client.send(1, new BasicMethod.Qos(0, 1, false));

            head.queues().find("q");

            assertThat(client.receive()).isInstanceOf(QueueMethod.DeclareOk.class);
            assertThat(client.receive()).isInstanceOf(ConfirmMethod.SelectOk.class);
            assertThat(client.receive()).isInstanceOf(BasicMethod.QosOk.class);
        }
    }

    @Test
    void whoWaitsForADeclarationMayBeSilentMeanwhile() throws Exception {
        try (RawClient client = new RawClient(head.port()).open(1)) {
            client.send(1, new ChannelMethod.Open(""),
                    new QueueMethod.Declare("q", true, false, false, false, false,
                            FieldTable.EMPTY));
            assertThat(client.receive()).isInstanceOf(ChannelMethod.OpenOk.class);
            for (int halfSeconds = 0; halfSeconds < 6; halfSeconds++) {
                client.heartbeat();
            }

            head.queues().find("q");

            assertThat(client.receive()).isInstanceOf(QueueMethod.DeclareOk.class);
        }
    }
}
