package io.taffrail.amqp.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.taffrail.amqp.codec.ChannelMethod;
import io.taffrail.amqp.codec.ConnectionMethod;
import java.io.IOException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** After {@code connection.close-ok}, the broker leaves closing the socket to the client. */
class ClosingTest {

    private static final int A_WHILE_MS = 500;

    @RegisterExtension
    final HeadFixture head = new HeadFixture();

    @Test
    void socketStaysOpenAfterTheClientsCloseAndWhatItSendsIsDropped() throws IOException {
        try (RawClient client = new RawClient(head.port()).open()) {
            client.send(0, new ConnectionMethod.Close(200, "bye", 0, 0));
            assertThat(client.receive()).isEqualTo(new ConnectionMethod.CloseOk());

            client.timeout(A_WHILE_MS);
            client.send(1, new ChannelMethod.Open(""));
            client.send(0, new ConnectionMethod.Close(200, "bye", 0, 0));
            client.bytes('n', 'o', 'i', 's', 'e');

            assertThatThrownBy(client::rest).isInstanceOf(SocketTimeoutException.class);
        }
        assertThat(head.listener().awaitNoConnections(10)).isTrue();
    }

    @Test
    void clientThatNeverHangsUpIsGivenUpAfterItsHeartbeatInterval() throws IOException {
        try (RawClient client = new RawClient(head.port()).open(1)) {
            client.send(0, new ConnectionMethod.Close(200, "bye", 0, 0));

            assertThat(client.receive()).isEqualTo(new ConnectionMethod.CloseOk());
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void stoppingBrokerWaitsForTheAnswerOfItsClients() throws Exception {
        try (RawClient client = new RawClient(head.port()).open()) {
            Thread stopping = Thread.ofVirtual().start(() -> head.listener().close());

            assertThat(client.receive()).isInstanceOfSatisfying(ConnectionMethod.Close.class,
                    close -> assertThat(close.replyCode()).isEqualTo(320));
            client.send(0, new ConnectionMethod.CloseOk());

            assertThat(client.rest()).isEmpty();
            stopping.join();
        }
    }
}
