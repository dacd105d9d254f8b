package io.taffrail.kafka;

import io.netty.channel.Channel;
import io.taffrail.broker.Broker;
import io.taffrail.broker.group.ReaderGroups;
import io.taffrail.broker.traffic.GroupLag;
import io.taffrail.broker.traffic.RequestFigures;
import io.taffrail.kafka.api.Aside;
import io.taffrail.kafka.groups.GroupSettings;
import io.taffrail.kafka.groups.GroupThreads;
import io.taffrail.kafka.net.Backpressure;
import io.taffrail.kafka.net.Connections;
import io.taffrail.kafka.transactions.TransactionSettings;
import io.taffrail.net.EventLoops;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;

/** The Kafka head without a listener: its callers pass channels to {@link #accept}. */
public final class KafkaService {

    /**
     * Executors and randomness of the head, apart from the event loops.
     *
     * @param disk
     *            runs reads that may block on the disk
     * @param aside
     *            runs tasks that take long, at most two at a time
     * @param randomId
     *            returns any int; used for ids of fetch sessions, which must be hard to guess
     */
    public record Threads(GroupThreads groups, Executor disk, Executor aside,
            IntSupplier randomId) {}

    private final Connections connections;
    private final Coordinators coordinators;

    private KafkaService(Connections connections, Coordinators coordinators) {
        this.connections = connections;
        this.coordinators = coordinators;
    }

    /**
     * Starts to serve.
     *
     * @param loops
     *            the event loops whose owners the broker was opened with
     */
    public static KafkaService start(Broker broker, KafkaConfig config,
            GroupSettings groupSettings, TransactionSettings transactionSettings,
            EventLoops loops, Threads threads) {
        Coordinators coordinators = Coordinators.start(broker, groupSettings,
                transactionSettings, threads.groups(), threads.disk());
        Aside aside = new Aside(threads.aside());
        HandlerTable table = Handlers.of(broker, config, coordinators, loops, threads, aside);
        Backpressure backpressure = new Backpressure(config.unforcedMaxBytes(),
                broker.engine()::unforcedBytes);
        return new KafkaService(new Connections(config, table, backpressure, loops, aside),
                coordinators);
    }

    /** Serves a channel that is not yet registered with its event loop. */
    public void accept(Channel channel) {
        connections.accept(channel);
    }

    /** The consumer groups for an operator. */
    ReaderGroups groups() {
        return coordinators.groups().forOperators();
    }

    /** Completes when the group coordinator has processed all earlier requests. */
    public CompletableFuture<?> groupsIdle() {
        return coordinators.groups().idle();
    }

    /** Requests since the start. */
    public CompletableFuture<List<RequestFigures>> requests() {
        return connections.times().figures();
    }

    /** The lag of all consumer groups. Blocks. */
    public List<GroupLag> groupLags() {
        return coordinators.groups().lags();
    }

    /**
     * Stops groups and transactions; the connections must be closed first. Must not be called on an
     * owner's thread.
     */
    public void closeCoordinators() {
        coordinators.close();
    }
}
