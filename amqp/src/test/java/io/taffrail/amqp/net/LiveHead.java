package io.taffrail.amqp.net;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.taffrail.amqp.AmqpConfig;
import io.taffrail.amqp.AmqpHead;
import io.taffrail.broker.Broker;
import io.taffrail.broker.BrokerConfig;
import io.taffrail.log.config.HostPort;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.net.EventLoops;
import java.time.Clock;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A head over a broker in memory, on two loops, so that connections may have to move. */
final class LiveHead implements AfterEachCallback {

    private final EventLoops loops = EventLoops.start(2);
    private final Broker broker = Broker.open(new MemoryLogEngine(Clock.systemUTC()),
            BrokerConfig.defaults(), loops.owners(), Clock.systemUTC());
    private final AmqpHead head;

    LiveHead() {
        this(config -> config);
    }

    LiveHead(UnaryOperator<AmqpConfig> settings) {
        head = AmqpHead.start(broker, settings.apply(AmqpConfig.defaults()
                .withListener(new HostPort("127.0.0.1", 0))), loops).orElseThrow();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        head.close();
        broker.close();
        loops.close();
    }

    Broker broker() {
        return broker;
    }

    int port() {
        return head.address().getPort();
    }

    ConnectionFactory clients() {
        ConnectionFactory factory = new ConnectionFactory();
        factory.setHost("127.0.0.1");
        factory.setPort(port());
        factory.setAutomaticRecoveryEnabled(false);
        return factory;
    }

    /** A connection of {@code guest}, or of another user whose password is its name. */
    Connection connect(String user) throws Exception {
        ConnectionFactory factory = clients();
        factory.setUsername(user);
        factory.setPassword(user);
        return factory.newConnection();
    }
}
