package io.taffrail.net;

import io.netty.channel.EventLoop;
import io.taffrail.log.spi.Owner;
import java.util.concurrent.TimeUnit;

/** An event loop as the owner of logs. */
record LoopOwner(EventLoop loop) implements Owner {

    @Override
    public boolean isCurrent() {
        return loop.inEventLoop();
    }

    @Override
    public void execute(Runnable command) {
        loop.execute(command);
    }

    /** A loop runs tasks until none is left before it looks at sockets, but a timer once. */
    @Override
    public void executeLater(Runnable command) {
        var _ = loop.schedule(command, 0, TimeUnit.NANOSECONDS);
    }
}
