package io.taffrail.amqp.net;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.taffrail.amqp.AmqpConfig;
import io.taffrail.amqp.AmqpHead;
import io.taffrail.broker.Broker;
import io.taffrail.broker.BrokerConfig;
import io.taffrail.broker.login.PasswordChecks;
import io.taffrail.log.config.HostPort;
import io.taffrail.log.memory.MemoryLogEngine;
import io.taffrail.net.EventLoops;
import io.taffrail.net.MemoryBudget;
import io.taffrail.net.NetConfig;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * An AMQP head over an in-memory broker with two event loops, so that connections may have to move.
 */
final class LiveHead implements AfterEachCallback {

    private static final int PATIENCE_S = 20;

    private final EventLoops loops;
    private final Broker broker;
    private final AmqpHead head;
    private final PasswordChecks checks;

    LiveHead() {
        this(MemoryBudget.of(NetConfig.defaults()), config -> config);
    }

    LiveHead(MemoryBudget memory, UnaryOperator<AmqpConfig> settings) {
        loops = EventLoops.start(2, memory);
        broker = Broker.open(new MemoryLogEngine(Clock.systemUTC()), BrokerConfig.defaults(),
                loops.owners(), Clock.systemUTC());
        checks = PasswordChecks.start(broker.users(), AmqpConfig.defaults().users(),
                System::nanoTime);
        head = AmqpHead.start(broker, settings.apply(AmqpConfig.defaults()
                .withListener(new HostPort("127.0.0.1", 0))), loops, checks.logins()).orElseThrow();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        head.close();
        checks.close();
        nothingIsHeld();
        broker.close();
        loops.close();
    }

    MemoryBudget memory() {
        return loops.memory();
    }

    /** Waits until every connection has released its memory. */
    void nothingIsHeld() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
        while (loops.memory().chargedBytes() != 0) {
            if (System.nanoTime() > end) {
                throw new AssertionError(loops.memory().chargedBytes() + " bytes are held");
            }
            Thread.onSpinWait();
        }
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

    /** Opens a connection as {@code guest}, or as a user whose password equals its name. */
    Connection connect(String user) throws Exception {
        ConnectionFactory factory = clients();
        factory.setUsername(user);
        factory.setPassword(user);
        return factory.newConnection();
    }
}
