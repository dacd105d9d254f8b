package io.taffrail.kafka.net;

import io.netty.channel.Channel;
import io.netty.handler.timeout.IdleStateHandler;
import io.taffrail.kafka.HandlerTable;
import io.taffrail.kafka.KafkaConfig;
import java.util.concurrent.TimeUnit;

/** Sets up connections, whatever they came by. Safe for any thread. */
public final class Connections {

    private final KafkaConfig config;
    private final Dispatcher dispatcher;
    private final Backpressure backpressure;

    public Connections(KafkaConfig config, HandlerTable handlers, Backpressure backpressure) {
        this.config = config;
        this.dispatcher = new Dispatcher(handlers);
        this.backpressure = backpressure;
    }

    /** Serves what comes over a channel that is about to be registered with its event loop. */
    public void accept(Channel channel) {
        Connection connection = new Connection(channel, dispatcher, backpressure,
                config.requestMaxBytes());
        channel.config().setRecvByteBufAllocator(new FrameAllocator(connection.reader()));
        if (config.idleMs() > 0) {
            channel.pipeline().addLast(
                    new IdleStateHandler(config.idleMs(), 0, 0, TimeUnit.MILLISECONDS));
        }
        channel.pipeline().addLast(connection);
    }
}
