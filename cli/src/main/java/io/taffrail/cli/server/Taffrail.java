package io.taffrail.cli.server;

import io.taffrail.amqp.AmqpConfig;
import io.taffrail.amqp.AmqpHead;
import io.taffrail.broker.Broker;
import io.taffrail.broker.BrokerConfig;
import io.taffrail.cli.control.ControlCommands;
import io.taffrail.cli.control.ControlSocket;
import io.taffrail.kafka.KafkaConfig;
import io.taffrail.kafka.KafkaHead;
import io.taffrail.kafka.groups.GroupSettings;
import io.taffrail.log.Durability;
import io.taffrail.log.LogFailedException;
import io.taffrail.log.config.HostPort;
import io.taffrail.log.local.LocalLogConfig;
import io.taffrail.log.local.LocalLogEngine;
import io.taffrail.log.spi.LogEngine;
import io.taffrail.net.EventLoops;
import io.taffrail.net.MemoryBudget;
import io.taffrail.net.NetConfig;
import io.taffrail.net.SocketAllowance;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running broker in this process. Started from the bottom up: engine, domain, heads; closed the
 * other way round. Safe for any thread.
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
                            loops));
            this.amqp = AmqpHead.start(broker, options.config().get(AmqpConfig.class), loops);
            amqp.ifPresent(head -> opened("the AMQP listener", head));
            if (dataDir.isPresent() && engine instanceof LocalLogEngine local) {
                opened("the control socket", control(dataDir.orElseThrow(),
                        new ControlCommands(local, broker, new StatusReport(
                                options.clock().instant(), options.clock(), broker,
                                loops.memory(), kafka, amqp)::now)));
            }
        } catch (RuntimeException | Error e) {
            parts.close(stopTimeout, e);
            throw e;
        }
    }

    /**
     * Starts a broker; when this returns, clients are served.
     *
     * @throws io.taffrail.log.local.DataDirectoryLockedException
     *             if another broker has the data directory
     * @throws io.taffrail.log.LogFailedException
     *             if what is stored there is damaged
     * @throws java.io.UncheckedIOException
     *             if an address cannot be listened on
     */
    public static Taffrail start(TaffrailOptions options) {
        return new Taffrail(options);
    }

    /** A broker without it serves clients all the same, so its failure is no reason to stop. */
    private static AutoCloseable control(Path dataDir, ControlCommands commands) {
        try {
            return ControlSocket.open(dataDir, commands);
        } catch (IOException | UnsupportedOperationException e) {
            LOG.warn("CTL-002 no commands are taken at {}: {}", ControlSocket.path(dataDir),
                    e.toString());
            return () -> {};
        }
    }

    /** Where Kafka clients connect. */
    public InetSocketAddress kafkaAddress() {
        return kafka.address();
    }

    /** How long a stop may take. */
    public Duration stopTimeout() {
        return stopTimeout;
    }

    /** {@link #kafkaAddress} as clients take it: {@code HOST:PORT}. */
    public String bootstrap() {
        InetSocketAddress address = kafka.address();
        return new HostPort(address.getHostString(), address.getPort()).toString();
    }

    /** Where AMQP clients connect; empty if they are not served. */
    public Optional<InetSocketAddress> amqpAddress() {
        return amqp.map(AmqpHead::address);
    }

    /** The data directory, absolute; empty if the engine that was given has none. */
    public Optional<Path> dataDir() {
        return dataDir;
    }

    /** What an acknowledged record has survived, where its topic does not say otherwise. */
    public Durability durability() {
        return broker.config().durability();
    }

    /**
     * Has this called, once and on another thread, when the disk has failed so that nothing more
     * can
     * be stored until a restart.
     */
    public void onStorageFailure(Consumer<LogFailedException> listener) {
        if (engine instanceof LocalLogEngine local) {
            local.onFailure(listener);
        }
    }

    /**
     * Waits until the broker has done what a jump of its time made due; for tests.
     *
     * @throws IllegalStateException
     *             if it is still busy after 20 seconds, or failed
     */
    public void settle() {
        new Settling(engine, broker, loops, kafka::groupsIdle).await();
    }

    /**
     * Stops serving, forces everything to disk and stops; waits for it, {@code stop.timeout} at
     * most.
     *
     * @throws IllegalStateException
     *             if a part was not closed cleanly, or in time, or the engine left something for
     *             the next start to recover; each is among the suppressed
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            IllegalStateException failure = new IllegalStateException("not closed cleanly");
            parts.close(stopTimeout, failure);
            if (failure.getSuppressed().length > 0) {
                throw failure;
            }
        }
    }

    /**
     * Stops as if the process had been killed, as far as that can be had within it: the engine
     * writes nothing more, neither a checkpoint nor what was not yet acknowledged.
     */
    public void kill() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (engine instanceof LocalLogEngine local) {
            local.abandon();
            parts.remove(engine);
        }
        // What fails now fails because the engine is gone.
        parts.close(stopTimeout, new IllegalStateException("killed"));
    }

    private <T extends AutoCloseable> T opened(String name, T part) {
        return parts.add(name, part);
    }
}
