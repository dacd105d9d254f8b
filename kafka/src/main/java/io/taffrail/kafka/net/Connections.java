package io.taffrail.kafka.net;

import io.netty.channel.Channel;
import io.netty.handler.timeout.IdleStateHandler;
import io.taffrail.kafka.HandlerTable;
import io.taffrail.kafka.KafkaConfig;
import io.taffrail.kafka.api.Aside;
import io.taffrail.net.EventLoops;
import io.taffrail.net.MemoryBudget;
import io.taffrail.net.RareLines;
import java.util.concurrent.TimeUnit;

/** Factory of {@link KafkaConnection}s for channels of any transport. Safe for any thread. */
public final class Connections {

    private final KafkaConfig config;
    private final Dispatcher dispatcher;
    private final Aside aside;
    private final Backpressure backpressure;
    private final MemoryBudget memory;
    private final RareLines lines;
    private final RequestTimes times;

    /**
     * Sets the parts that all connections share.
     *
     * @param aside
     *            runs requests that would hold an event loop for too long
     */
    public Connections(KafkaConfig config, HandlerTable handlers, Backpressure backpressure,
            EventLoops loops, Aside aside) {
        this.memory = loops.memory();
        this.lines = new RareLines(loops.group().ticker()::nanoTime);
        this.times = new RequestTimes(loops.group().ticker()::nanoTime);
        this.config = config;
        this.aside = aside;
        this.dispatcher = new Dispatcher(handlers, aside);
        this.backpressure = backpressure;
    }

    /** Times of requests. */
    public RequestTimes times() {
        return times;
    }

    /**
     * Adds a connection to the pipeline of a channel that is not yet registered with its event
     * loop.
     */
    public void accept(Channel channel) {
        KafkaConnection connection = new KafkaConnection(channel, dispatcher, aside, backpressure,
                memory.open(), config.requestMaxBytes(), lines, times);
        channel.config().setRecvByteBufAllocator(new FrameAllocator(connection.reader()));
        if (config.idleMs() > 0) {
            channel.pipeline().addLast(
                    new IdleStateHandler(config.idleMs(), 0, 0, TimeUnit.MILLISECONDS));
        }
        channel.pipeline().addLast(connection);
        connection.expectRequestWithin(config.firstRequestTimeoutMs());
    }
}
