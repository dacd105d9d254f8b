package io.taffrail.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.taffrail.log.guard.FailStop;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handler of connections that the operating system could not hand over for lack of files
 * or memory. Netty retries a second later, so the loop does not spin. Logs at most one line per
 * minute. Runs on the listener's event loop only.
 */
final class AcceptFailures extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(AcceptFailures.class);
    private static final long PAUSE_NS = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier nanoTime;
    private long sinceLine;
    private boolean said;
    private long saidNs;

    AcceptFailures(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        FailStop.check(cause);
        sinceLine++;
        long nowNs = nanoTime.getAsLong();
        if (!said || nowNs - saidNs >= PAUSE_NS) {
            SocketAddress address = context.channel().localAddress();
            LOG.warn("NET-002 connections to {} cannot be accepted, {} times since the last such"
                    + " line; tried again each second: {}", address, sinceLine, cause.toString());
            said = true;
            saidNs = nowNs;
            sinceLine = 0;
        }
    }
}
