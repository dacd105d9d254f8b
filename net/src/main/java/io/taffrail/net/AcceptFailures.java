package io.taffrail.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.taffrail.log.guard.FailStop;
import java.net.SocketAddress;
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

    private final RareLines lines;

    AcceptFailures(LongSupplier nanoTime) {
        this.lines = new RareLines(nanoTime);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        FailStop.check(cause);
        long count = lines.count("accept");
        if (count > 0) {
            SocketAddress address = context.channel().localAddress();
            LOG.warn("NET-002 connections to {} cannot be accepted, {} times since the last such"
                    + " line; tried again each second: {}", address, count, cause.toString());
        }
    }
}
