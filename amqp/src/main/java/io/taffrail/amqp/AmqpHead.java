package io.taffrail.amqp;

import io.taffrail.amqp.net.AmqpListener;
import io.taffrail.amqp.net.ResourceAlarm;
import io.taffrail.amqp.net.Services;
import io.taffrail.broker.Broker;
import io.taffrail.broker.login.Logins;
import io.taffrail.broker.traffic.ConnectionReport;
import io.taffrail.broker.traffic.ConnectionReports;
import io.taffrail.log.config.HostPort;
import io.taffrail.net.ClientConnection;
import io.taffrail.net.ClientConnections;
import io.taffrail.net.EventLoops;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The AMQP head of a running broker. */
public final class AmqpHead implements ClientConnections, ConnectionReports, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AmqpHead.class);
    private static final HostPort USUAL = new HostPort("127.0.0.1", 5672);

    private final AmqpListener listener;

    private AmqpHead(AmqpListener listener) {
        this.listener = listener;
    }

    /**
     * Starts to accept clients. If no address is configured and the default address is in use,
     * AMQP is not served and the result is empty: running a second broker on the same
     * machine is not an error.
     *
     * @param loops
     *            event loops that own the logs of {@code broker}
     * @param logins
     *            checks the passwords of clients
     * @throws UncheckedIOException
     *             if the configured address cannot be bound
     */
    public static Optional<AmqpHead> start(Broker broker, AmqpConfig config, EventLoops loops,
            Logins logins) {
        return listen(services(broker, config, loops, logins)).map(AmqpHead::new);
    }

    private static Services services(Broker broker, AmqpConfig config, EventLoops loops,
            Logins logins) {
        return new Services(config, broker.virtualHosts(), logins,
                loops, broker.engine()::unforcedBytes,
                broker.clusterId(), new ResourceAlarm(() -> broker.engine().usableBytes()
                        .orElse(Long.MAX_VALUE) < config.diskFreeLimitBytes()))
                .with(broker.limits());
    }

    private static Optional<AmqpListener> listen(Services services) {
        Optional<HostPort> wanted = services.config().listener();
        if (wanted.isPresent()) {
            return Optional.of(AmqpListener.start(services, wanted.get()));
        }
        try {
            return Optional.of(AmqpListener.start(services, USUAL));
        } catch (UncheckedIOException e) {
            LOG.warn("AMQP is not served: {}; amqp.listener or --amqp sets another address",
                    e.getMessage());
            return Optional.empty();
        }
    }

    /** Address that clients connect to. */
    public InetSocketAddress address() {
        return listener.address();
    }

    @Override
    public List<ClientConnection> list() {
        return listener.list();
    }

    @Override
    public CompletableFuture<List<ConnectionReport>> reports() {
        return listener.reports();
    }

    @Override
    public Churn churn() {
        return listener.churn();
    }

    @Override
    public boolean close(String name) {
        return listener.close(name);
    }

    /** Number of open connections. */
    public int connections() {
        return listener.connections();
    }

    /**
     * Closes every connection and stops accepting. Broker and event loops keep running.
     * Blocks until done.
     */
    @Override
    public void close() {
        listener.close();
    }
}
