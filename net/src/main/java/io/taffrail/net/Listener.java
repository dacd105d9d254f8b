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
 * A listening socket of a head. Connections that the registry admits are passed to the head on the
 * event loop that will serve them. Thread-safe.
 */
public final class Listener implements AutoCloseable {

    private static final int BACKLOG = 1024;
    /** With these TCP keep-alive settings a vanished peer is detected within about two minutes. */
    private static final int PROBE_AFTER_S = 60;
    private static final int PROBE_EVERY_S = 10;
    private static final int PROBES = 6;

    private final Channel server;
    private final String host;

    private Listener(Channel server, String host) {
        this.server = server;
        this.host = host;
    }

    /**
     * Binds the address and begins to accept connections.
     *
     * @param marks
     *            write-buffer marks in bytes; above the high one a channel is not writable
     * @param accept
     *            sets up the pipeline of an admitted channel, on its event loop
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
        // Added behind Netty's own handler, which pauses accepting for a second.
        bound.channel().pipeline().addLast(
                new AcceptFailures(loops.group().ticker()::nanoTime));
        return new Listener(bound.channel(), address.host());
    }

    /** Counts bytes sent from files against the write-buffer marks, like bytes sent from memory. */
    private static MessageSizeEstimator countingRegions() {
        MessageSizeEstimator.Handle memory = DefaultMessageSizeEstimator.DEFAULT.newHandle();
        return () -> message -> message instanceof FileRegion region
                ? (int) Math.min(Integer.MAX_VALUE, region.count())
                : memory.size(message);
    }

    /**
     * The bound address. If all interfaces were asked for, the host is as configured: the socket's
     * own address may be IPv6's for {@code 0.0.0.0}.
     */
    public InetSocketAddress address() {
        InetSocketAddress bound = (InetSocketAddress) server.localAddress();
        return bound.getAddress().isAnyLocalAddress()
                ? new InetSocketAddress(host, bound.getPort())
                : bound;
    }

    /** Stops accepting and waits until the socket is closed. Open connections are not affected. */
    @Override
    public void close() {
        server.close().awaitUninterruptibly();
    }
}
