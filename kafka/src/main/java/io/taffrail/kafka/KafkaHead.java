package io.taffrail.kafka;

import io.taffrail.broker.Broker;
import io.taffrail.kafka.net.Backpressure;
import io.taffrail.kafka.net.EventLoops;
import io.taffrail.kafka.net.KafkaListener;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The Kafka head of a running broker. */
public final class KafkaHead implements AutoCloseable {

    private final KafkaListener listener;
    private final ExecutorService disk;

    private KafkaHead(KafkaListener listener, ExecutorService disk) {
        this.listener = listener;
        this.disk = disk;
    }

    /**
     * Begins to serve clients.
     *
     * @param loops
     *            the loops whose owners the broker was opened with
     * @throws java.io.UncheckedIOException
     *             if the address cannot be bound
     */
    public static KafkaHead start(Broker broker, KafkaConfig config, EventLoops loops,
            InstantSource clock) {
        ExecutorService disk = Executors.newVirtualThreadPerTaskExecutor();
        HandlerTable table = Handlers.of(broker, config, loops, disk, clock);
        Backpressure backpressure = new Backpressure(config.queuedMaxBytes(),
                config.unforcedMaxBytes(), broker.engine()::unforcedBytes);
        return new KafkaHead(KafkaListener.start(config, loops, table, backpressure), disk);
    }

    /** Where clients connect. */
    public InetSocketAddress address() {
        return listener.address();
    }

    /** Stops serving: closes every connection. The broker and the loops go on. */
    @Override
    public void close() {
        listener.close();
        disk.close();
    }
}
