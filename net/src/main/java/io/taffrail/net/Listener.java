package io.taffrail.net;

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
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.taffrail.log.config.HostPort;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/**
 * A listening socket of a head: what comes and is admitted by the registry goes to the head, on the
 * event loop it will be served on. Safe for any thread.
 */
public final class Listener implements AutoCloseable {

    private static final int BACKLOG = 1024;
    /** A peer that has silently gone is noticed within about two minutes. */
    private static final int PROBE_AFTER_S = 60;
    private static final int PROBE_EVERY_S = 10;
    private static final int PROBES = 6;

    private final Channel server;

    private Listener(Channel server) {
        this.server = server;
    }

    /**
     * Binds and begins to accept.
     *
     * @param marks
     *            bytes not taken by a client beyond which its channel is not writable
     * @param accept
     *            sets up the pipeline of an admitted channel
     * @throws CannotListenException
     *             if the address cannot be bound
     */
    public static Listener start(EventLoops loops, HostPort address, WriteBufferWaterMark marks,
            ConnectionRegistry registry, Consumer<Channel> accept) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, marks)
                .childOption(ChannelOption.MESSAGE_SIZE_ESTIMATOR, countingRegions())
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (registry.admit(channel)) {
                            accept.accept(channel);
                        }
                    }
                });
        if (loops.serverChannel().equals(EpollServerSocketChannel.class)) {
            bootstrap.childOption(EpollChannelOption.TCP_KEEPIDLE, PROBE_AFTER_S)
                    .childOption(EpollChannelOption.TCP_KEEPINTVL, PROBE_EVERY_S)
                    .childOption(EpollChannelOption.TCP_KEEPCNT, PROBES);
        }
        ChannelFuture bound = bootstrap
                .bind(new InetSocketAddress(address.host(), address.port()))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new CannotListenException(address, bound.cause());
        }
        // Behind Netty's own handler, which stops accepting for a second.
        bound.channel().pipeline().addLast(
                new AcceptFailures(loops.group().ticker()::nanoTime));
        return new Listener(bound.channel());
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

    /** Stops accepting; waits for it. Connections go on. */
    @Override
    public void close() {
        server.close().awaitUninterruptibly();
    }
}
