package io.taffrail.amqp;

import io.taffrail.amqp.login.ConfiguredUsers;
import io.taffrail.amqp.login.KnownUsers;
import io.taffrail.amqp.net.AmqpListener;
import io.taffrail.amqp.net.ResourceAlarm;
import io.taffrail.amqp.net.Services;
import io.taffrail.broker.Broker;
import io.taffrail.log.config.HostPort;
import io.taffrail.net.EventLoops;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The AMQP head of a running broker. */
public final class AmqpHead implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AmqpHead.class);
    private static final HostPort USUAL = new HostPort("127.0.0.1", 5672);

    private final AmqpListener listener;

    private AmqpHead(AmqpListener listener) {
        this.listener = listener;
    }

    /**
     * Begins to serve clients. Where no address is configured and another process has the usual
     * one, AMQP is not served, and nothing is returned: a second broker beside a first one is
     * nothing unusual.
     *
     * @param loops
     *            the loops whose owners the broker was opened with
     * @throws UncheckedIOException
     *             if the configured address cannot be bound
     */
    public static Optional<AmqpHead> start(Broker broker, AmqpConfig config, EventLoops loops) {
        Services services = new Services(config, broker.virtualHosts(),
                new KnownUsers(broker.users(), ConfiguredUsers.parse(config.users())), loops,
                broker.engine()::unforcedBytes,
                broker.clusterId(), new ResourceAlarm(() -> broker.engine().usableBytes()
                        .orElse(Long.MAX_VALUE) < config.diskFreeLimitBytes()));
        if (config.listener().isPresent()) {
            return Optional
                    .of(new AmqpHead(AmqpListener.start(services, config.listener().get(),
                            broker.clock())));
        }
        try {
            return Optional.of(new AmqpHead(AmqpListener.start(services, USUAL, broker.clock())));
        } catch (UncheckedIOException e) {
            LOG.warn("AMQP is not served: {}; amqp.listener or --amqp sets another address",
                    e.getMessage());
            return Optional.empty();
        }
    }

    /** Where clients connect. */
    public InetSocketAddress address() {
        return listener.address();
    }

    /** Stops serving: closes every connection. The broker and the loops go on. */
    @Override
    public void close() {
        listener.close();
    }
}
