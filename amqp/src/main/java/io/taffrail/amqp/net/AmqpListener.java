package io.taffrail.amqp.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.taffrail.log.config.HostPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for AMQP clients. Safe for any thread. */
public final class AmqpListener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AmqpListener.class);
    private static final int BACKLOG = 1024;
    /** Pause between two looks at the disk. */
    private static final int LOOK_MS = 1000;
    private static final WriteBufferWaterMark WRITE_MARKS = new WriteBufferWaterMark(128 << 10,
            512 << 10);
    private static final int SMALLEST_READ = 1024;
    private static final int FIRST_READ = 4096;
    private static final int LARGEST_READ = 128 << 10;

    private final Channel server;
    private final ChannelGroup connections;

    private final Future<?> looking;

    private AmqpListener(Channel server, ChannelGroup connections, Future<?> looking) {
        this.looking = looking;
        this.server = server;
        this.connections = connections;
    }

    /**
     * Binds and begins to accept.
     *
     * @throws UncheckedIOException
     *             if the address cannot be bound
     */
    public static AmqpListener start(Services services, HostPort address) {
        ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(services.loops().group())
                .channel(services.loops().serverChannel())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WRITE_MARKS)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(
                        SMALLEST_READ, FIRST_READ, LARGEST_READ))
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel socket) {
                        accept(socket, services, connections);
                    }
                });
        ChannelFuture bound = bootstrap
                .bind(new InetSocketAddress(address.host(), address.port()))
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new UncheckedIOException(
                    new IOException("cannot listen on " + address, bound.cause()));
        }
        Future<?> looking = services.loops().group().scheduleWithFixedDelay(
                () -> look(services.alarm(), connections), 0, LOOK_MS, TimeUnit.MILLISECONDS);
        return new AmqpListener(bound.channel(), connections, looking);
    }

    /** Looks at the disk, and lets publishers go on when there is room again. */
    private static void look(ResourceAlarm alarm, ChannelGroup connections) {
        if (!alarm.look()) {
            return;
        }
        if (alarm.isOn()) {
            LOG.warn("AMQ-001 publishers wait: {}", ResourceAlarm.REASON);
            return;
        }
        LOG.info("AMQ-002 publishers go on: there is room on the disk again");
        for (Channel socket : connections) {
            Connection connection = socket.pipeline().get(Connection.class);
            if (connection != null) {
                socket.eventLoop().execute(connection::unblock);
            }
        }
    }

    /**
     * Serves what comes over a channel that is about to be registered with its event loop.
     *
     * @param connections
     *            the ones there are, which it joins
     */
    public static void accept(Channel socket, Services services, ChannelGroup connections) {
        if (socket.remoteAddress() == null) {
            var _ = socket.close();
            return;
        }
        int most = services.config().maxConnections();
        if (connections.size() >= most) {
            LOG.info("closing connection from {}: there are amqp.max.connections={} already",
                    socket.remoteAddress(), most);
            var _ = socket.close();
            return;
        }
        connections.add(socket);
        socket.pipeline().addLast(new Connection(socket, services));
    }

    /** Waits until no connection is there; false if that takes longer. */
    boolean awaitNoConnections(int seconds) {
        boolean closed = true;
        while (closed && !connections.isEmpty()) {
            closed = connections.newCloseFuture().awaitUninterruptibly(seconds,
                    TimeUnit.SECONDS);
        }
        return closed;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) server.localAddress();
    }

    /** Stops accepting, tells every client and closes its connection; waits for it. */
    @Override
    public void close() {
        looking.cancel(false);
        server.close().awaitUninterruptibly();
        List<CompletableFuture<Void>> told = new ArrayList<>();
        for (Channel socket : connections) {
            Connection connection = socket.pipeline().get(Connection.class);
            if (connection != null) {
                told.add(CompletableFuture.runAsync(connection::shutDown, socket.eventLoop()));
            }
        }
        CompletableFuture.allOf(told.toArray(CompletableFuture[]::new)).join();
        connections.close().awaitUninterruptibly();
    }
}
