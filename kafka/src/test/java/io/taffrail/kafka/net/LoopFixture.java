package io.taffrail.kafka.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.WriteBufferWaterMark;
import io.taffrail.kafka.HandlerTable;
import io.taffrail.kafka.KafkaConfig;
import io.taffrail.kafka.RawClient;
import io.taffrail.kafka.api.Aside;
import io.taffrail.log.config.HostPort;
import io.taffrail.net.ConnectionRegistry;
import io.taffrail.net.EventLoops;
import io.taffrail.net.Listener;
import java.io.IOException;
import java.util.concurrent.Executor;

/** Connections on a single event loop, whose requests reach the handlers of a test. */
final class LoopFixture implements AutoCloseable {

    private final EventLoops loops = EventLoops.start(1);
    private final ConnectionRegistry registry = new ConnectionRegistry("Kafka",
            KafkaConfig.defaults().connectionLimits(), loops);
    private final Listener listener;

    /**
     * Starts to listen.
     *
     * @param unforcedBytes
     *            unforced bytes from which on no produce request starts
     * @param workers
     *            runs work beside the loop
     */
    LoopFixture(HandlerTable handlers, long unforcedBytes, Executor workers) {
        listener = Listener.start(loops, new HostPort("127.0.0.1", 0),
                WriteBufferWaterMark.DEFAULT, registry,
                new Connections(KafkaConfig.defaults(), handlers,
                        new Backpressure(unforcedBytes, () -> 0), loops,
                        new Aside(workers))::accept);
    }

    RawClient client() throws IOException {
        return new RawClient(listener.address().getPort());
    }

    EventLoops loops() {
        return loops;
    }

    /** Number of open connections. */
    int connections() {
        return registry.size();
    }

    /** Ends everything; all memory must have been given back by then. */
    @Override
    public void close() {
        listener.close();
        registry.close();
        loops.close();
        assertThat(loops.memory().chargedBytes()).isZero();
    }
}
