package io.taffrail.amqp.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.taffrail.amqp.codec.ChannelMethod;
import io.taffrail.amqp.codec.ConnectionMethod;
import io.taffrail.amqp.codec.QueueMethod;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.user.Permissions;
import io.taffrail.net.MemoryBudget;
import io.taffrail.net.NetConfig;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The mechanism ANONYMOUS (RFC 4505) with a configured anonymous user. */
class AnonymousTest {

    @RegisterExtension
    final LiveHead head = new LiveHead(MemoryBudget.of(NetConfig.defaults()),
            Settings.with(Map.of("anonymousUser", Optional.of("nobody"))));

    private static QueueMethod.Declare declare(String queue) {
        return new QueueMethod.Declare(queue, false, false, false, false, false, FieldTable.EMPTY);
    }

    private RawClient client() throws Exception {
        RawClient client = new RawClient(head.port());
        client.header();
        assertThat(client.receive()).isInstanceOfSatisfying(ConnectionMethod.Start.class,
                start -> assertThat(start.mechanisms()).isEqualTo("PLAIN AMQPLAIN ANONYMOUS"));
        client.send(0, RawClient.login("ANONYMOUS", "somebody@example.com"));
        return client;
    }

    @Test
    void whoeverConnectsMayDoWhatThatUserMayDo() throws Exception {
        head.broker().users().add("nobody", "a password nobody is asked for").join();
        head.broker().users().setPermissions("nobody", "/", Permissions.of("^mine$", "", ""))
                .join();
        try (RawClient client = client()) {
            assertThat(client.receive()).isInstanceOf(ConnectionMethod.Tune.class);
            client.send(0, new ConnectionMethod.TuneOk(2047, 131_072, 0),
                    new ConnectionMethod.Open("/", "", false));
            assertThat(client.receive()).isInstanceOf(ConnectionMethod.OpenOk.class);
            client.send(1, new ChannelMethod.Open(""), declare("mine"), declare("others"));
            assertThat(client.receive()).isInstanceOf(ChannelMethod.OpenOk.class);
            assertThat(client.receive()).isInstanceOf(QueueMethod.DeclareOk.class);

            assertThat(client.receive()).isInstanceOfSatisfying(ChannelMethod.Close.class,
                    close -> assertThat(close.replyText()).contains("refused for user 'nobody'"));

            head.broker().users().delete("nobody").join();
            assertThat(client.receive()).isInstanceOfSatisfying(ConnectionMethod.Close.class,
                    close -> assertThat(close.replyText()).contains("user 'nobody' is deleted"));
        }
    }

    @Test
    void isRefusedWhileThereIsNoSuchUser() throws Exception {
        try (RawClient client = client()) {
            assertThat(client.receive()).isInstanceOfSatisfying(ConnectionMethod.Close.class,
                    close -> assertThat(close.replyText()).startsWith("ACCESS_REFUSED - Login was"
                            + " refused using authentication mechanism ANONYMOUS"));
        }
    }
}
