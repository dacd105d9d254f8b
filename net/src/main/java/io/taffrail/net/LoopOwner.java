package io.taffrail.net;

import io.netty.channel.EventLoop;
import io.taffrail.log.spi.Owner;

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
}
