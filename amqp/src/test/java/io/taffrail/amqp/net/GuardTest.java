package io.taffrail.amqp.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.taffrail.amqp.codec.ChannelMethod;
import io.taffrail.amqp.codec.ConnectionMethod;
import io.taffrail.amqp.codec.QueueMethod;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An exception of the broker ends the connection that caused it and no other. */
class GuardTest {

    private static final int PATIENCE_S = 20;

    @RegisterExtension
    final HeadFixture head = new HeadFixture();

    @ParameterizedTest
    @ValueSource(strings = {NoQueues.THROWS_EXCEPTION, NoQueues.THROWS_ERROR})
    void failingRequestEndsItsConnectionAloneAndLetsGoOfEverything(String queue)
            throws Exception {
        try (Connection other = head.clients().newConnection();
                RawClient client = new RawClient(head.port()).open()) {
            Channel channel = other.createChannel();
            channel.confirmSelect();
            client.send(1, new ChannelMethod.Open(""), new QueueMethod.Purge(queue, false));
            assertThat(client.receive()).isInstanceOf(ChannelMethod.OpenOk.class);

            assertThat(client.receive()).isInstanceOfSatisfying(ConnectionMethod.Close.class,
                    close -> assertThat(close.replyText())
                            .isEqualTo("INTERNAL_ERROR - the broker failed"));

            assertThat(head.queues().closed.poll(PATIENCE_S, TimeUnit.SECONDS)).isNotNull();
            channel.basicPublish("", "nobody", null, new byte[1]);
            channel.waitForConfirmsOrDie(TimeUnit.SECONDS.toMillis(PATIENCE_S));
        }
    }
}
