package io.taffrail.simulation.network;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.AbstractEventExecutor;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ScheduledFuture;
import io.taffrail.simulation.world.Scheduler;
import io.taffrail.simulation.world.SimOwner;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;

/** An event loop that runs on a simulated thread; it is the only one of its group. */
public final class SimEventLoop extends AbstractEventExecutor implements EventLoop {

    private final Scheduler scheduler;
    private final SimOwner owner;

    public SimEventLoop(Scheduler scheduler, SimOwner owner) {
        this.scheduler = scheduler;
        this.owner = owner;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    @Override
    public EventLoopGroup parent() {
        return this;
    }

    @Override
    public EventLoop next() {
        return this;
    }

    @Override
    public Iterator<EventExecutor> iterator() {
        return List.<EventExecutor>of(this).iterator();
    }

    @Override
    public boolean inEventLoop(Thread thread) {
        return owner.isCurrent();
    }

    @Override
    public void execute(Runnable command) {
        owner.execute(command);
    }

    @Override
    public ChannelFuture register(Channel channel) {
        return register(new DefaultChannelPromise(channel, this));
    }

    @Override
    public ChannelFuture register(ChannelPromise promise) {
        promise.channel().unsafe().register(this, promise);
        return promise;
    }

    @Override
    @Deprecated
    public ChannelFuture register(Channel channel, ChannelPromise promise) {
        channel.unsafe().register(this, promise);
        return promise;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        Later later = new Later(this);
        after(unit.toMillis(delay), later, command, -1);
        return later;
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException("only tasks without a result");
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initialDelay, long period,
            TimeUnit unit) {
        Later later = new Later(this);
        after(unit.toMillis(initialDelay), later, command, unit.toMillis(period));
        return later;
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initialDelay,
            long delay, TimeUnit unit) {
        return scheduleAtFixedRate(command, initialDelay, delay, unit);
    }

    /**
     * Schedules a task.
     *
     * @param periodMs
     *            time until the next run, in milliseconds; -1 to run once
     */
    private void after(long delayMs, Later later, Runnable command, long periodMs) {
        scheduler.after(delayMs, () -> {
            if (later.isDone() || owner.isEnding()) {
                return;
            }
            owner.execute(() -> {
                if (later.isDone()) {
                    return;
                }
                if (periodMs < 0) {
                    later.setSuccess(null);
                } else {
                    after(periodMs, later, command, periodMs);
                }
                command.run();
            });
        });
    }

    @Override
    public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
        throw new UnsupportedOperationException("it ends with its machine");
    }

    @Override
    public Future<?> terminationFuture() {
        throw new UnsupportedOperationException("it ends with its machine");
    }

    @Override
    @Deprecated
    public void shutdown() {
        throw new UnsupportedOperationException("it ends with its machine");
    }

    @Override
    public boolean isShuttingDown() {
        return false;
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }

    /** A scheduled task that can be cancelled. */
    private static final class Later extends DefaultPromise<Void>
            implements
                ScheduledFuture<Void> {

        Later(EventExecutor executor) {
            super(executor);
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return 0;
        }

        @Override
        public int compareTo(Delayed other) {
            return Integer.compare(System.identityHashCode(this), System.identityHashCode(other));
        }
    }
}
