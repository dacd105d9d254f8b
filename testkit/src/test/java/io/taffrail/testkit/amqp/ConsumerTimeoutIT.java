package io.taffrail.testkit.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import io.taffrail.testkit.TaffrailBroker;
import io.taffrail.testkit.amqp.Rabbit.Inbox;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A consumer that does not acknowledge in time loses its channel, and its messages are requeued.
 */
class ConsumerTimeoutIT {

    private final TaffrailBroker broker = TaffrailBroker.start();

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void channelIsClosedAndTheMessageGoesBack() throws Exception {
        try (Rabbit rabbit = Rabbit.connect(broker.amqpAddress())) {
            Channel channel = rabbit.confirming();
            channel.queueDeclare("q", true, false, false, Map.of("x-consumer-timeout", 200));
            Rabbit.publish(channel, "q", "m");
            CompletableFuture<ShutdownSignalException> closed = new CompletableFuture<>();
            channel.addShutdownListener(closed::complete);
            Inbox inbox = new Inbox(channel);
            channel.basicConsume("q", false, inbox);
            assertThat(inbox.nextText()).isEqualTo("m");

            assertThat(closed.get(20, TimeUnit.SECONDS).getMessage())
                    .contains("reply-code=406")
                    .contains("PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed"
                            + " out. Timeout value used: 200 ms.");
            assertThat(rabbit.connection().isOpen()).isTrue();
            assertThat(Rabbit.drain(rabbit.channel(), "q")).containsExactly("m");
        }
    }

    @Test
    void whatWasGotCountsToo() throws Exception {
        try (Rabbit rabbit = Rabbit.connect(broker.amqpAddress())) {
            Channel channel = rabbit.confirming();
            channel.queueDeclare("q", true, false, false, Map.of("x-consumer-timeout", 200));
            Rabbit.publish(channel, "q", "m");
            CompletableFuture<ShutdownSignalException> closed = new CompletableFuture<>();
            channel.addShutdownListener(closed::complete);
            assertThat(channel.basicGet("q", false)).isNotNull();

            assertThat(closed.get(20, TimeUnit.SECONDS).getMessage())
                    .contains("reply-code=406")
                    .contains("PRECONDITION_FAILED - delivery acknowledgement on channel 1 timed"
                            + " out. Timeout value used: 200 ms.");
            assertThat(Rabbit.drain(rabbit.channel(), "q")).containsExactly("m");
        }
    }
}
