package io.taffrail.kafka.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultMessageSizeEstimator;
import io.netty.channel.FileRegion;
import io.netty.channel.MessageSizeEstimator;
import io.netty.channel.WriteBufferWaterMark;
import io.taffrail.kafka.KafkaConfig;
import io.taffrail.net.EventLoops;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;

/** Listens for Kafka clients. */
public final class KafkaListener implements AutoCloseable {

    private static final int BACKLOG = 1024;
    private static final WriteBufferWaterMark WRITE_MARKS = new WriteBufferWaterMark(256 << 10,
            1 << 20);

    private final Channel server;
    private final Connections connections;

    private KafkaListener(Channel server, Connections connections) {
        this.server = server;
        this.connections = connections;
    }

    /**
     * Binds and begins to accept.
     *
     * @throws UncheckedIOException
     *             if the address cannot be bound
     */
    public static KafkaListener start(KafkaConfig config, EventLoops loops,
            Connections connections) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_MARKS)
                .childOption(ChannelOption.MESSAGE_SIZE_ESTIMATOR, countingRegions())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        connections.accept(channel);
                    }
                });
        InetSocketAddress address = new InetSocketAddress(config.listener().host(),
                config.listener().port());
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new UncheckedIOException(new IOException(
                    "cannot listen on " + config.listener(), bound.cause()));
        }
        return new KafkaListener(bound.channel(), connections);
    }

    /** Counts what is sent from files against the write marks, as what is sent from memory. */
    private static MessageSizeEstimator countingRegions() {
        MessageSizeEstimator.Handle memory = DefaultMessageSizeEstimator.DEFAULT.newHandle();
        return () -> message -> message instanceof FileRegion region
                ? (int) Math.min(Integer.MAX_VALUE, region.count())
                : memory.size(message);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) server.localAddress();
    }

    /** Stops accepting and closes every connection; waits for it. */
    @Override
    public void close() {
        server.close().awaitUninterruptibly();
        connections.close();
    }
}
