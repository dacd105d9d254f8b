package io.taffrail.net;

import io.netty.channel.EventLoop;
import io.taffrail.log.spi.Owner;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * An event loop as the owner of logs.
 *
 * @param tasks
 *            counts the tasks submitted
 */
record LoopOwner(EventLoop loop, LongAdder tasks) implements Owner {

    @Override
    public boolean isCurrent() {
        return loop.inEventLoop();
    }

    @Override
    public void execute(Runnable command) {
        tasks.increment();
        loop.execute(command);
    }

    /**
     * Uses a timer, because a loop runs queued tasks until none is left before it serves sockets,
     * but each timer only once.
     */
    @Override
    public void executeLater(Runnable command) {
        tasks.increment();
        var _ = loop.schedule(command, 0, TimeUnit.NANOSECONDS);
    }
}
