package io.taffrail.net;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import io.taffrail.log.guard.FailStop;
import io.taffrail.log.spi.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * The event loops of this process, shared by sockets and logs. Uses Linux's epoll if its native
 * library loads, otherwise NIO. Thread-safe.
 */
public final class EventLoops implements AutoCloseable {

    private final EventLoopGroup group;
    private final List<Owner> owners;
    private final LongAdder tasks;
    private final boolean epoll;
    private final MemoryBudget memory;
    private final SocketAllowance sockets;
    private volatile boolean closing;

    private EventLoops(EventLoopGroup group, List<Owner> owners, LongAdder tasks, boolean epoll,
            MemoryBudget memory, SocketAllowance sockets) {
        this.tasks = tasks;
        this.memory = memory;
        this.sockets = sockets;
        this.group = group;
        this.owners = owners;
        this.epoll = epoll;
    }

    /**
     * Default number of loops: half the number of cores, at least one, which leaves cores to the
     * journal and the kernel.
     */
    public static int defaultCount() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    /** Loads what the first start of loops needs: Netty's classes and its native library. */
    public static void preload() {
        var _ = MemoryBudget.of(NetConfig.defaults());
        var _ = Epoll.isAvailable();
    }

    /** Starts loops with the default memory budget. */
    public static EventLoops start(int count) {
        return start(count, MemoryBudget.of(NetConfig.defaults()));
    }

    /**
     * Starts loops.
     *
     * @param count
     *            at least 1
     * @param memory
     *            budget for all connections on these loops
     */
    public static EventLoops start(int count, MemoryBudget memory) {
        return start(count, memory, SocketAllowance.unlimited());
    }

    /** Starts loops as {@link #start(int, MemoryBudget)} does, with a limit of client sockets. */
    public static EventLoops start(int count, MemoryBudget memory, SocketAllowance sockets) {
        return start(count, Epoll.isAvailable(), memory, sockets);
    }

    static EventLoops start(int count, boolean epoll, MemoryBudget memory,
            SocketAllowance sockets) {
        IoHandlerFactory io = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(count,
                new DefaultThreadFactory("taffrail-loop", true), io);
        EventLoops loops = of(group, epoll, memory, sockets);
        loops.watch();
        return loops;
    }

    /** Wraps existing loops without listening sockets, such as those of a simulation. */
    public static EventLoops of(EventLoopGroup group) {
        return of(group, false, MemoryBudget.of(NetConfig.defaults()),
                SocketAllowance.unlimited());
    }

    private static EventLoops of(EventLoopGroup group, boolean epoll, MemoryBudget memory,
            SocketAllowance sockets) {
        LongAdder tasks = new LongAdder();
        List<Owner> owners = new ArrayList<>();
        for (EventExecutor loop : group) {
            owners.add(new LoopOwner((EventLoop) loop, tasks));
        }
        return new EventLoops(group, List.copyOf(owners), tasks, epoll, memory, sockets);
    }

    /** The loops as owners of logs. */
    public List<Owner> owners() {
        return owners;
    }

    /** Number of tasks submitted to the owners since the start. */
    public long tasks() {
        return tasks.sum();
    }

    /**
     * Returns the loop of an owner.
     *
     * @throws IllegalArgumentException
     *             if it is not one of {@link #owners}
     */
    public EventLoop loop(Owner owner) {
        if (owner instanceof LoopOwner(EventLoop loop, _)) {
            return loop;
        }
        throw new IllegalArgumentException("not an event loop: " + owner);
    }

    /** The loop of the calling thread; any loop if the caller is not on one. */
    public EventExecutor current() {
        for (EventExecutor loop : group) {
            if (loop.inEventLoop()) {
                return loop;
            }
        }
        return group.next();
    }

    /** The budget for all connections on these loops. */
    public MemoryBudget memory() {
        return memory;
    }

    /** The limit of client sockets over all heads. */
    public SocketAllowance sockets() {
        return sockets;
    }

    /** True if sockets use Linux's epoll. */
    public boolean epoll() {
        return epoll;
    }

    /** The group for Netty's bootstraps. */
    public EventLoopGroup group() {
        return group;
    }

    /** The class of listening sockets on these loops. */
    public Class<? extends ServerChannel> serverChannel() {
        return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    /**
     * Stops the loops after their submitted tasks; waits at most ten seconds.
     *
     * @throws IllegalStateException
     *             if a loop is still busy then
     */
    @Override
    public void close() {
        closing = true;
        if (!group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10,
                TimeUnit.SECONDS)) {
            throw new IllegalStateException("an event loop is busy still");
        }
    }

    /**
     * Ends the process if a loop ends by itself: Netty logs the exception of its thread, and no
     * other thread would run the tasks of its owner.
     */
    private void watch() {
        for (EventExecutor loop : group) {
            loop.terminationFuture().addListener(ended -> {
                if (!closing) {
                    throw FailStop.now("an event loop ended",
                            new IllegalStateException("an event loop ended", ended.cause()));
                }
            });
        }
    }
}
