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
 * The event loops of this process: sockets and logs share them. Linux's epoll is used where its
 * native library loads, else NIO.
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
     * Half as many loops as there are cores, at least one: the journal and the kernel want some.
     */
    public static int defaultCount() {
        return Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    }

    /** Starts loops, with the memory budget of a process that was given none. */
    public static EventLoops start(int count) {
        return start(count, MemoryBudget.of(NetConfig.defaults()));
    }

    /**
     * Starts loops.
     *
     * @param count
     *            at least 1
     * @param memory
     *            of all connections that heads serve on them
     */
    public static EventLoops start(int count, MemoryBudget memory) {
        return start(count, memory, SocketAllowance.unlimited());
    }

    /** As {@link #start(int, MemoryBudget)}, with at most so many sockets of clients. */
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

    /** Loops that are there already and listen to nothing, such as those of a simulation. */
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

    /** Each loop as an owner of logs. */
    public List<Owner> owners() {
        return owners;
    }

    /** Tasks that the owners were given since the start. */
    public long tasks() {
        return tasks.sum();
    }

    /** The loop that is this owner, which is one of {@link #owners}. */
    public EventLoop loop(Owner owner) {
        if (owner instanceof LoopOwner(EventLoop loop, _)) {
            return loop;
        }
        throw new IllegalArgumentException("not an event loop: " + owner);
    }

    /** The loop the calling thread is of, or any loop where it is of none. */
    public EventExecutor current() {
        for (EventExecutor loop : group) {
            if (loop.inEventLoop()) {
                return loop;
            }
        }
        return group.next();
    }

    /** The budget of all connections that heads serve on these loops. */
    public MemoryBudget memory() {
        return memory;
    }

    /** What clients of all heads may have of the process's open files. */
    public SocketAllowance sockets() {
        return sockets;
    }

    /** Whether sockets are served by Linux's epoll. */
    public boolean epoll() {
        return epoll;
    }

    /** For bootstraps. */
    public EventLoopGroup group() {
        return group;
    }

    /** What listens on these loops. */
    public Class<? extends ServerChannel> serverChannel() {
        return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    /**
     * Stops the loops when what they were given is done; waits for them, at most ten seconds.
     *
     * @throws IllegalStateException
     *             if one is busy still
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
     * A loop that ends by itself takes all it owns with it: Netty logs what its thread threw, and
     * no other thread would ever run its tasks.
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
