package io.taffrail.kafka;

import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import io.taffrail.broker.Broker;
import io.taffrail.broker.group.ReaderGroups;
import io.taffrail.broker.schedule.TimeSource;
import io.taffrail.broker.traffic.ConnectionReport;
import io.taffrail.broker.traffic.ConnectionReports;
import io.taffrail.broker.traffic.GroupLag;
import io.taffrail.broker.traffic.RequestFigures;
import io.taffrail.kafka.groups.GroupSettings;
import io.taffrail.kafka.groups.OwnGroupThreads;
import io.taffrail.kafka.transactions.TransactionSettings;
import io.taffrail.net.ClientConnection;
import io.taffrail.net.ClientConnections;
import io.taffrail.net.ConnectionRegistry;
import io.taffrail.net.ConnectionTraffic;
import io.taffrail.net.EventLoops;
import io.taffrail.net.Listener;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The Kafka head of a running broker. */
public final class KafkaHead implements ClientConnections, ConnectionReports, AutoCloseable {

    /**
     * Limits on unsent response bytes in memory for each connection; records in files do not count.
     */
    private static final WriteBufferWaterMark WRITE_MARKS = new WriteBufferWaterMark(256 << 10,
            1 << 20);

    private final Listener listener;
    private final ConnectionRegistry connections;
    private final ExecutorService disk;
    private final ExecutorService aside;
    private final KafkaService service;

    private KafkaHead(Listener listener, ConnectionRegistry connections, KafkaService service,
            ExecutorService disk, ExecutorService aside) {
        this.aside = aside;
        this.listener = listener;
        this.connections = connections;
        this.service = service;
        this.disk = disk;
    }

    /** Loads the classes of all requests, which take most of the time of a first start. */
    public static void preload() {
        Handlers.preload();
    }

    /** Starts to serve clients, with the default settings of groups and transactions. */
    public static KafkaHead start(Broker broker, KafkaConfig config, EventLoops loops) {
        return start(broker, config, GroupSettings.defaults(), TransactionSettings.defaults(),
                loops);
    }

    /**
     * Starts to serve clients.
     *
     * @param loops
     *            the event loops whose owners the broker was opened with
     * @throws java.io.UncheckedIOException
     *             if the address cannot be bound
     */
    public static KafkaHead start(Broker broker, KafkaConfig config, GroupSettings groupSettings,
            TransactionSettings transactionSettings, EventLoops loops) {
        ExecutorService disk = Executors.newVirtualThreadPerTaskExecutor();
        ExecutorService aside = Executors.newCachedThreadPool(
                Thread.ofPlatform().daemon().name("kafka-aside-", 0).factory());
        KafkaService service = KafkaService.start(broker, config, groupSettings,
                transactionSettings, loops,
                new KafkaService.Threads(new OwnGroupThreads(TimeSource.of(broker.clock())), disk,
                        aside, new SecureRandom()::nextInt));
        ConnectionRegistry connections = new ConnectionRegistry("Kafka",
                config.connectionLimits(), loops);
        try {
            return new KafkaHead(Listener.start(loops, config.listener(), WRITE_MARKS, connections,
                    service::accept), connections, service, disk, aside);
        } catch (RuntimeException e) {
            service.closeCoordinators();
            disk.close();
            aside.close();
            throw e;
        }
    }

    /** The consumer groups for an operator. */
    public ReaderGroups groups() {
        return service.groups();
    }

    /** Completes when the group coordinator has processed all earlier requests. */
    public CompletableFuture<?> groupsIdle() {
        return service.groupsIdle();
    }

    /** Requests since the start; completes on any thread. */
    public CompletableFuture<List<RequestFigures>> requests() {
        return service.requests();
    }

    /** The lag of all consumer groups. Blocks. */
    public List<GroupLag> groupLags() {
        return service.groupLags();
    }

    /** Address of the listener. */
    public InetSocketAddress address() {
        return listener.address();
    }

    @Override
    public List<ClientConnection> list() {
        return connections.list();
    }

    @Override
    public CompletableFuture<List<ConnectionReport>> reports() {
        return connections.ask(channel -> {
            ClientConnection client = ClientConnection.of(channel);
            ConnectionTraffic traffic = ConnectionTraffic.of(channel);
            return Optional.of(new ConnectionReport(client.name(), client.listener(),
                    client.client(), new ConnectionReport.Octets(traffic.received(),
                            traffic.sent(), traffic.reads(), traffic.writes(),
                            connections.ageMs(channel)),
                    List.of()));
        });
    }

    @Override
    public Churn churn() {
        ConnectionRegistry.Totals totals = connections.totals();
        return new Churn(totals.opened(), totals.closed(), 0, 0, totals.received(),
                totals.sent());
    }

    /** Closes the client's socket; Kafka's protocol has no message for it. */
    @Override
    public boolean close(String name) {
        Optional<Channel> found = connections.find(name);
        found.ifPresent(channel -> {
            var _ = channel.close();
        });
        return found.isPresent();
    }

    /** Number of open connections. */
    public int connections() {
        return connections.size();
    }

    /**
     * Closes the listener and every connection, and stops groups and transactions. The broker and
     * the event loops keep running. Must not be called on an event loop.
     */
    @Override
    public void close() {
        listener.close();
        connections.close();
        service.closeCoordinators();
        disk.close();
        aside.close();
    }
}
