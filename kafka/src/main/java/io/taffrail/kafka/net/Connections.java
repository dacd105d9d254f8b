package io.taffrail.kafka.net;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.taffrail.kafka.HandlerTable;
import io.taffrail.kafka.KafkaConfig;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connections there are, whatever they came by. Safe for any thread. */
public final class Connections implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
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
        if (channel.remoteAddress() == null) {
            var _ = channel.close();
            return;
        }
        if (channels.size() >= config.maxConnections()) {
            LOG.info("closing connection from {}: there are max.connections={} already",
                    channel.remoteAddress(), config.maxConnections());
            var _ = channel.close();
            return;
        }
        channels.add(channel);
        Connection connection = new Connection(channel, dispatcher, backpressure,
                config.requestMaxBytes());
        channel.config().setRecvByteBufAllocator(new FrameAllocator(connection.reader()));
        if (config.idleMs() > 0) {
            channel.pipeline().addLast(
                    new IdleStateHandler(config.idleMs(), 0, 0, TimeUnit.MILLISECONDS));
        }
        channel.pipeline().addLast(connection);
    }

    /** Closes every connection; waits for it. */
    @Override
    public void close() {
        channels.close().awaitUninterruptibly();
    }
}
