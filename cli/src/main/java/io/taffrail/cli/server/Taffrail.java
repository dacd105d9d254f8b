package io.taffrail.cli.server;

import io.taffrail.amqp.AmqpConfig;
import io.taffrail.amqp.AmqpHead;
import io.taffrail.broker.Broker;
import io.taffrail.broker.BrokerConfig;
import io.taffrail.broker.login.PasswordChecks;
import io.taffrail.broker.traffic.ConnectionReports;
import io.taffrail.cli.control.ControlCommands;
import io.taffrail.cli.control.ControlSocket;
import io.taffrail.http.HttpConfig;
import io.taffrail.http.HttpHead;
import io.taffrail.http.management.NodeFacts.NodeListener;
import io.taffrail.kafka.KafkaConfig;
import io.taffrail.kafka.KafkaHead;
import io.taffrail.kafka.groups.GroupSettings;
import io.taffrail.kafka.transactions.TransactionSettings;
import io.taffrail.log.Durability;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.config.HostPort;
import io.taffrail.log.guard.Guard;
import io.taffrail.log.local.LocalLogConfig;
import io.taffrail.log.local.LocalLogEngine;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.net.ClientConnections;
import io.taffrail.net.EventLoops;
import io.taffrail.net.MemoryBudget;
import io.taffrail.net.NetConfig;
import io.taffrail.net.SocketAllowance;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A broker running in this process. Its parts are started bottom-up (engine, broker core, protocol
 * heads) and closed in reverse order. Safe for any thread.
 */
public final class Taffrail implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Taffrail.class);

    private final ClosingParts parts = new ClosingParts(System::nanoTime);
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Duration stopTimeout;
    private final Optional<Path> dataDir;
    private final LogEngine engine;
    private final EventLoops loops;
    private final Broker broker;
    private final KafkaHead kafka;
    private final Optional<AmqpHead> amqp;
    private final Optional<HttpHead> http;

    private Taffrail(TaffrailOptions options) {
        ServerConfig server = options.config().get(ServerConfig.class);
        Exposure.check(options.config());
        this.stopTimeout = server.stopTimeout();
        LocalLogConfig logs = options.config().get(LocalLogConfig.class);
        OpenFileLimit files = OpenFileLimit.ofProcess();
        int segments = files.segments(logs.openFiles());
        try {
            LogEngine opening = options.engine().isPresent()
                    ? options.engine().get()
                    : LocalLogEngine.open(server.dataDir().toAbsolutePath().normalize(),
                            logs.withOpenFiles(segments), options.clock());
            this.dataDir = opening instanceof LocalLogEngine local
                    ? Optional.of(Path.of(local.location()))
                    : Optional.empty();
            this.engine = parts.add("the log engine", opening, opening::close);
            this.loops = opened("event loops", EventLoops.start(server.eventLoops() == 0
                    ? EventLoops.defaultCount()
                    : server.eventLoops(),
                    MemoryBudget.of(options.config().get(NetConfig.class)),
                    new SocketAllowance(files.sockets(segments))));
            this.broker = opened("the broker",
                    Broker.open(engine, options.config().get(BrokerConfig.class),
                            loops.owners(), options.clock()));
            this.kafka = opened("the Kafka listener",
                    KafkaHead.start(broker, options.config().get(KafkaConfig.class),
                            options.config().get(GroupSettings.class),
                            options.config().get(TransactionSettings.class),
                            loops));
            PasswordChecks checks = opened("the password checks",
                    PasswordChecks.start(broker.users(),
                            options.config().get(AmqpConfig.class).users(),
                            loops.group().ticker()::nanoTime));
            this.amqp = AmqpHead.start(broker, options.config().get(AmqpConfig.class), loops,
                    checks.logins());
            amqp.ifPresent(head -> opened("the AMQP listener", head));
            Instant started = options.clock().instant();
            Management management = new Management(broker, checks, started,
                    new Management.Heads(kafka, heads(), reports()), loops,
                    options.config());
            this.http = HttpHead.start(options.config().get(HttpConfig.class),
                    management.routes(), loops, checks.logins(), management.sessions());
            http.ifPresent(head -> opened("the HTTP listener", head));
            StatusReport report = new StatusReport(started, options.clock(), broker,
                    loops.memory(), kafka, amqp, http);
            management.listening(listeners(), report::now);
            if (dataDir.isPresent() && engine instanceof LocalLogEngine local) {
                opened("the control socket", control(dataDir.orElseThrow(),
                        new ControlCommands(local, broker, allHeads(),
                                options.config(), report::now)));
            }
        } catch (RuntimeException | Error e) {
            parts.close(stopTimeout, e);
            throw e;
        }
    }

    /**
     * Starts a broker; it serves clients when this returns. If a part fails to start, the parts
     * already started are closed.
     *
     * @throws io.taffrail.log.local.DataDirectoryLockedException
     *             if another broker uses the data directory
     * @throws io.taffrail.log.LogFailedException
     *             if stored data is damaged
     * @throws java.io.UncheckedIOException
     *             if a listener cannot be bound
     */
    public static Taffrail start(TaffrailOptions options) {
        return new Taffrail(options);
    }

    /**
     * Loads classes that a start needs, on a thread of its own, while the caller prepares it.
     * Optional: a JVM without an archive of classes starts its first broker sooner.
     */
    public static void preload() {
        var _ = Thread.ofPlatform().daemon().name("taffrail-preload")
                .start(() -> Guard.run("STA-001", "loading classes", () -> {
                    EventLoops.preload();
                    KafkaHead.preload();
                }));
    }

    private Map<String, ClientConnections> heads() {
        Map<String, ClientConnections> heads = new LinkedHashMap<>();
        heads.put("kafka", kafka);
        amqp.ifPresent(head -> heads.put("amqp", head));
        return heads;
    }

    private Map<String, ConnectionReports> reports() {
        Map<String, ConnectionReports> reports = new LinkedHashMap<>();
        reports.put("kafka", kafka);
        amqp.ifPresent(head -> reports.put("amqp", head));
        return reports;
    }

    private Map<String, ClientConnections> allHeads() {
        Map<String, ClientConnections> heads = heads();
        http.ifPresent(head -> heads.put("http", head));
        return heads;
    }

    /** The open listeners, by the names that RabbitMQ's tools know. */
    private List<NodeListener> listeners() {
        List<NodeListener> listeners = new ArrayList<>();
        amqpAddress().ifPresent(it -> listeners
                .add(new NodeListener("amqp", it.getHostString(), it.getPort())));
        httpAddress().ifPresent(it -> listeners
                .add(new NodeListener("http", it.getHostString(), it.getPort())));
        listeners.add(new NodeListener("kafka", kafka.address().getHostString(),
                kafka.address().getPort()));
        return listeners;
    }

    /**
     * Opens the control socket. A failure is only logged, because the broker can serve
     * clients without it.
     */
    private static AutoCloseable control(Path dataDir, ControlCommands commands) {
        try {
            return ControlSocket.open(dataDir, commands);
        } catch (IOException | UnsupportedOperationException e) {
            LOG.warn("CTL-002 no commands are taken at {}: {}", ControlSocket.path(dataDir),
                    e.toString());
            return () -> {};
        }
    }

    /** Maximum duration of {@link #close} ({@code stop.timeout}). */
    public Duration stopTimeout() {
        return stopTimeout;
    }

    /** The address of Kafka clients as {@code HOST:PORT}, for {@code bootstrap.servers}. */
    public String bootstrap() {
        InetSocketAddress address = kafka.address();
        return new HostPort(address.getHostString(), address.getPort()).toString();
    }

    /** Address that AMQP clients connect to; empty if AMQP is not served. */
    public Optional<InetSocketAddress> amqpAddress() {
        return amqp.map(AmqpHead::address);
    }

    /** Address that HTTP clients connect to; empty if HTTP is not served. */
    public Optional<InetSocketAddress> httpAddress() {
        return http.map(HttpHead::address);
    }

    /** Absolute path of the data directory; empty if the configured engine has none. */
    public Optional<Path> dataDir() {
        return dataDir;
    }

    /** Default durability of acknowledged records; a topic may override it. */
    public Durability durability() {
        return broker.config().durability();
    }

    /**
     * Registers a listener for a disk failure after which nothing can be stored until a restart.
     * Called once, on another thread; never by an engine without a data directory.
     */
    public void onStorageFailure(Consumer<LogFailedException> listener) {
        if (engine instanceof LocalLogEngine local) {
            local.onFailure(listener);
        }
    }

    /**
     * Waits until the broker has completed the work that became due by a change of
     * its clock; for tests.
     *
     * @throws IllegalStateException
     *             if the broker is still busy after 20 seconds, or has failed
     */
    public void settle() {
        new Quiescence(engine, broker, loops, kafka::groupsIdle).await();
    }

    /**
     * Stops serving, forces everything to disk and stops.
     * Blocks for at most {@code stop.timeout}. Idempotent.
     *
     * @throws IllegalStateException
     *             if a part did not close cleanly or in time, or the engine left work for the next
     *             start; the suppressed exceptions name each
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            IllegalStateException failure = new IllegalStateException("not closed cleanly");
            broker.stopping();
            parts.close(stopTimeout, failure);
            if (failure.getSuppressed().length > 0) {
                throw failure;
            }
        }
    }

    /**
     * Stops as if the process had been killed, as far as possible within a process: the engine
     * writes nothing more, neither a checkpoint nor records not yet acknowledged.
     */
    public void kill() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (engine instanceof LocalLogEngine local) {
            local.abandon();
            parts.remove(engine);
        }
        // Failures are expected from here on, because the engine is gone.
        parts.close(stopTimeout, new IllegalStateException("killed"));
    }

    private <T extends AutoCloseable> T opened(String name, T part) {
        return parts.add(name, part);
    }
}
