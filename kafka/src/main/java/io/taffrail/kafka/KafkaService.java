package io.taffrail.kafka;

import io.netty.channel.Channel;
import io.taffrail.broker.Broker;
import io.taffrail.kafka.api.Aside;
import io.taffrail.kafka.groups.GroupSettings;
import io.taffrail.kafka.groups.GroupThreads;
import io.taffrail.kafka.groups.Groups;
import io.taffrail.kafka.net.Backpressure;
import io.taffrail.kafka.net.Connections;
import io.taffrail.net.EventLoops;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;

/** The Kafka head without a socket it listens on: whoever has a connection hands it over. */
public final class KafkaService {

    /**
     * What the head runs on besides the event loops.
     *
     * @param disk
     *            may be blocked by reads
     * @param aside
     *            runs what takes long, two tasks at a time
     * @param randomId
     *            any int, hard to guess: ids of fetch sessions
     */
    public record Threads(GroupThreads groups, Executor disk, Executor aside,
            IntSupplier randomId) {}

    private final Connections connections;
    private final Groups groups;

    private KafkaService(Connections connections, Groups groups) {
        this.connections = connections;
        this.groups = groups;
    }

    /**
     * Begins to serve.
     *
     * @param loops
     *            the loops whose owners the broker was opened with
     */
    public static KafkaService start(Broker broker, KafkaConfig config,
            GroupSettings groupSettings, EventLoops loops, Threads threads) {
        Groups groups = Groups.start(broker, groupSettings, threads.groups());
        Aside aside = new Aside(threads.aside());
        HandlerTable table = Handlers.of(broker, config, groups, loops, threads, aside);
        Backpressure backpressure = new Backpressure(config.unforcedMaxBytes(),
                broker.engine()::unforcedBytes);
        return new KafkaService(new Connections(config, table, backpressure, loops.memory(),
                aside), groups);
    }

    /** Serves what comes over a channel that is about to be registered with its event loop. */
    public void accept(Channel channel) {
        connections.accept(channel);
    }

    /** Completes when the groups have done what they were given before. */
    public CompletableFuture<?> groupsIdle() {
        return groups.idle();
    }

    /** Stops groups; connections are closed before. Not on an owner's thread. */
    public void closeGroups() {
        groups.close();
    }
}
