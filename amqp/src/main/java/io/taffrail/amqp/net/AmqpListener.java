package io.taffrail.amqp.net;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import io.taffrail.amqp.codec.ReplyCode;
import io.taffrail.broker.traffic.ConnectionReport;
import io.taffrail.broker.traffic.ConnectionReports;
import io.taffrail.log.config.HostPort;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.spi.Registration;
import io.taffrail.net.ClientConnection;
import io.taffrail.net.ConnectionRegistry;
import io.taffrail.net.Listener;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts AMQP client connections. Safe for any thread. */
public final class AmqpListener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AmqpListener.class);
    /** Interval between checks of disk space and memory. */
    private static final int LOOK_MS = 1000;
    private static final WriteBufferWaterMark WRITE_MARKS = new WriteBufferWaterMark(128 << 10,
            512 << 10);
    /** Time for clients to confirm the close when the broker stops, in seconds. */
    private static final int GOODBYE_S = 1;
    private static final int SMALLEST_READ = 1024;
    private static final int FIRST_READ = 4096;
    private static final int LARGEST_READ = 128 << 10;

    private final Listener listener;
    private final ConnectionRegistry connections;
    private final Future<?> looking;
    private final Registration withdrawal;
    private final ChannelChurn churn;

    private AmqpListener(Listener listener, ConnectionRegistry connections, Future<?> looking,
            Registration withdrawal, ChannelChurn churn) {
        this.churn = churn;
        this.listener = listener;
        this.withdrawal = withdrawal;
        this.connections = connections;
        this.looking = looking;
    }

    /**
     * Binds the address and starts to accept connections.
     *
     * @throws java.io.UncheckedIOException
     *             if the address cannot be bound
     */
    public static AmqpListener start(Services services, HostPort address) {
        ConnectionRegistry connections = new ConnectionRegistry("AMQP",
                services.config().connectionLimits(), services.loops());
        Listener listener = Listener.start(services.loops(), address, WRITE_MARKS, connections,
                socket -> {
                    socket.config().setRecvByteBufAllocator(new AdaptiveRecvByteBufAllocator(
                            SMALLEST_READ, FIRST_READ, LARGEST_READ));
                    accept(socket, services);
                });
        Future<?> looking = services.loops().group().scheduleWithFixedDelay(
                () -> Guard.run("AMQ-009", "the look at disk and memory",
                        () -> look(services, connections)),
                0, LOOK_MS, TimeUnit.MILLISECONDS);
        return new AmqpListener(listener, connections, looking,
                services.users().onChange(new Withdrawal(connections)), services.churn());
    }

    private static void look(Services services, ConnectionRegistry connections) {
        lookAtDisk(services.alarm(), connections);
        if (services.loops().memory().isShort()) {
            each(connections, connection -> connection.memoryIsShort(LOOK_MS));
        }
    }

    private static void each(ConnectionRegistry connections, Consumer<AmqpConnection> task) {
        for (Channel socket : connections) {
            AmqpConnection connection = socket.pipeline().get(AmqpConnection.class);
            if (connection != null) {
                var _ = connection.tasks().post(() -> task.accept(connection));
            }
        }
    }

    /** Checks free disk space, and unblocks publishers when the alarm has cleared. */
    private static void lookAtDisk(ResourceAlarm alarm, ConnectionRegistry connections) {
        if (!alarm.look()) {
            return;
        }
        if (alarm.isOn()) {
            LOG.warn("AMQ-001 publishers wait: {}", ResourceAlarm.REASON);
            return;
        }
        LOG.info("AMQ-002 publishers go on: there is room on the disk again");
        each(connections, AmqpConnection::unblock);
    }

    /** Installs the AMQP handler on a socket that is about to be registered with its event loop. */
    public static void accept(Channel socket, Services services) {
        socket.pipeline().addLast(new AmqpConnection(socket, services));
    }

    /** Number of open connections. */
    public int connections() {
        return connections.size();
    }

    /** The open connections. */
    public List<ClientConnection> list() {
        return connections.list();
    }

    /** Reports of the connections that are open. */
    public CompletableFuture<List<ConnectionReport>> reports() {
        return connections.ask(socket -> {
            AmqpConnection connection = socket.pipeline().get(AmqpConnection.class);
            return connection == null
                    ? Optional.empty()
                    : connection.report(connections.ageMs(socket));
        });
    }

    /** Connections and channels since the start. */
    public ConnectionReports.Churn churn() {
        ConnectionRegistry.Totals totals = connections.totals();
        return new ConnectionReports.Churn(totals.opened(), totals.closed(),
                churn.openedSoFar(), churn.closedSoFar(), totals.received(), totals.sent());
    }

    /**
     * Closes the connection of this name: the client gets {@code connection.close} with 320.
     * Returns false if there is none.
     */
    public boolean close(String name) {
        Optional<AmqpConnection> found = connections.find(name)
                .map(socket -> socket.pipeline().get(AmqpConnection.class));
        found.ifPresent(connection -> {
            var _ = connection.tasks().post(() -> connection.end(ReplyCode.CONNECTION_FORCED,
                    "closed by an operator"));
        });
        return found.isPresent();
    }

    /** Waits until all connections are closed; returns false on time-out. */
    boolean awaitNoConnections(int seconds) {
        return connections.awaitNone(seconds);
    }

    /** Address that the listener is bound to. */
    public InetSocketAddress address() {
        return listener.address();
    }

    /**
     * Stops accepting, sends {@code connection.close} to every client and closes its socket. Blocks
     * until done; not to be called on an event loop.
     */
    @Override
    public void close() {
        looking.cancel(false);
        withdrawal.close();
        listener.close();
        List<CompletableFuture<Void>> told = new ArrayList<>();
        for (Channel socket : connections) {
            AmqpConnection connection = socket.pipeline().get(AmqpConnection.class);
            if (connection != null) {
                told.add(connection.tasks().post(connection::shutDown));
            }
        }
        CompletableFuture.allOf(told.toArray(CompletableFuture[]::new)).join();
        connections.awaitNone(GOODBYE_S);
        connections.close();
    }
}
