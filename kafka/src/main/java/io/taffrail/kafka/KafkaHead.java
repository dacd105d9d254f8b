package io.taffrail.kafka;

import io.netty.util.internal.PlatformDependent;
import io.taffrail.broker.Broker;
import io.taffrail.kafka.groups.GroupSettings;
import io.taffrail.kafka.groups.Groups;
import io.taffrail.kafka.net.Backpressure;
import io.taffrail.kafka.net.KafkaListener;
import io.taffrail.net.EventLoops;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The Kafka head of a running broker. */
public final class KafkaHead implements AutoCloseable {

    private final KafkaListener listener;
    private final ExecutorService disk;
    private final Groups groups;

    private KafkaHead(KafkaListener listener, Groups groups, ExecutorService disk) {
        this.listener = listener;
        this.groups = groups;
        this.disk = disk;
    }

    /** Begins to serve clients, with groups as Kafka's defaults have them. */
    public static KafkaHead start(Broker broker, KafkaConfig config, EventLoops loops,
            InstantSource clock) {
        return start(broker, config, GroupSettings.defaults(), loops, clock);
    }

    /**
     * Begins to serve clients.
     *
     * @param loops
     *            the loops whose owners the broker was opened with
     * @throws java.io.UncheckedIOException
     *             if the address cannot be bound
     */
    public static KafkaHead start(Broker broker, KafkaConfig config, GroupSettings groupSettings,
            EventLoops loops, InstantSource clock) {
        ExecutorService disk = Executors.newVirtualThreadPerTaskExecutor();
        Groups groups = Groups.start(broker, groupSettings, clock);
        HandlerTable table = Handlers.of(broker, config, groups, loops, disk,
                clock);
        Backpressure backpressure = new Backpressure(
                Math.min(config.queuedMaxBytes(), PlatformDependent.maxDirectMemory() / 2),
                config.unforcedMaxBytes(), broker.engine()::unforcedBytes);
        try {
            return new KafkaHead(KafkaListener.start(config, loops, table, backpressure), groups,
                    disk);
        } catch (RuntimeException e) {
            groups.close();
            disk.close();
            throw e;
        }
    }

    /** Where clients connect. */
    public InetSocketAddress address() {
        return listener.address();
    }

    /**
     * Stops serving: closes every connection. The broker and the loops go on; not on one of them.
     */
    @Override
    public void close() {
        listener.close();
        groups.close();
        disk.close();
    }
}
