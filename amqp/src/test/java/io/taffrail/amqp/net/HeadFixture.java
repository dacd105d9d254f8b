package io.taffrail.amqp.net;

import com.rabbitmq.client.ConnectionFactory;
import io.taffrail.amqp.AmqpConfig;
import io.taffrail.broker.login.ConfiguredUsers;
import io.taffrail.log.config.HostPort;
import io.taffrail.net.EventLoops;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** An AMQP head over {@link NoQueues} with two event loops, so that connections have to move. */
final class HeadFixture implements AfterEachCallback {

    private final EventLoops loops = EventLoops.start(2);
    private final NoQueues queues = new NoQueues(loops.owners().getLast());
    private final AmqpListener listener = listen();

    private AmqpListener listen() {
        return AmqpListener.start(new Services(AmqpConfig.defaults(), queues.hosts(),
                ConfiguredUsers.parse("guest:guest,maria:secret"), loops, () -> 0, "test"),
                new HostPort("127.0.0.1", 0));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        listener.close();
        loops.close();
    }

    NoQueues queues() {
        return queues;
    }

    int port() {
        return listener.address().getPort();
    }

    AmqpListener listener() {
        return listener;
    }

    ConnectionFactory clients() {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(port());
        factory.setAutomaticRecoveryEnabled(false);
        return factory;
    }
}
