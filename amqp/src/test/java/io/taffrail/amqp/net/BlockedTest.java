package io.taffrail.amqp.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.taffrail.amqp.AmqpConfig;
import io.taffrail.broker.login.ConfiguredUsers;
import io.taffrail.broker.login.Logins;
import io.taffrail.log.config.HostPort;
import io.taffrail.net.EventLoops;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** While the disk is nearly full, publishers are blocked and notified. */
class BlockedTest {

    private static final int PATIENCE_S = 20;

    private final EventLoops loops = EventLoops.start(1);
    private final NoQueues queues = new NoQueues(loops.owners().getFirst());
    private final AtomicBoolean low = new AtomicBoolean(true);
    private final AmqpListener listener = AmqpListener.start(
            new Services(AmqpConfig.defaults(), queues.hosts(),
                    new Logins(ConfiguredUsers.parse("guest:guest"), Runnable::run,
                            System::nanoTime),
                    loops, () -> 0, "test",
                    new ResourceAlarm(low::get)),
            new HostPort("127.0.0.1", 0));

    @AfterEach
    void close() {
        listener.close();
        loops.close();
    }

    private Connection connect() throws Exception {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(listener.address().getPort());
        factory.setAutomaticRecoveryEnabled(false);
        return factory.newConnection();
    }

    @Test
    void publisherWaitsUntilThereIsRoomAndOthersDoNot() throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        try (Connection publisher = connect(); Connection other = connect()) {
            publisher.addBlockedListener(told::add, () -> told.add("unblocked"));
            other.addBlockedListener(told::add, () -> told.add("other"));
            Channel channel = publisher.createChannel();
            channel.confirmSelect();
            do {
                // The first check of the disk may not have happened yet.
                channel.basicPublish("", "q", null, new byte[1]);
            } while (told.poll(100, TimeUnit.MILLISECONDS) == null);
            long held = channel.getNextPublishSeqNo();
            channel.basicPublish("", "q", null, new byte[1]);
            assertThat(other.createChannel().isOpen()).isTrue();

            low.set(false);

            assertThat(told.poll(PATIENCE_S, TimeUnit.SECONDS)).isEqualTo("unblocked");
            assertThat(channel.waitForConfirms(TimeUnit.SECONDS.toMillis(PATIENCE_S))).isTrue();
            assertThat(channel.getNextPublishSeqNo()).isGreaterThan(held);
            assertThat(told).isEmpty();
        }
    }
}
