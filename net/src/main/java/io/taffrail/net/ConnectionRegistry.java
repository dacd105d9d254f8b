package io.taffrail.net;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.taffrail.net.ConnectionLimits.Cause;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The connections of one head, and whether it takes another: at most so many in all and from one
 * address, and so many new ones in a second. One that is refused is closed before anything is made
 * for it, and counted. Safe for any thread.
 */
public final class ConnectionRegistry implements Iterable<Channel>, AutoCloseable {

    /** Addresses remembered beside those that have connections, for their rates. */
    private static final int REMEMBERED = 10_000;

    /** What one address has and may do. */
    private static final class Peer {
        final ConnectRate rate;
        int connections;

        Peer(ConnectRate rate) {
            this.rate = rate;
        }
    }

    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final ConnectionLimits limits;
    private final LongSupplier nanoTime;
    private final SocketAllowance sockets;
    private final Refusals refusals;
    /** Guarded by itself, as are the two below. */
    private final Map<ClientAddress, Peer> peers = new HashMap<>();
    private final ConnectRate rate;
    private int count;

    /** As the other, of a head that has the loops' sockets and time. */
    public ConnectionRegistry(String head, ConnectionLimits limits, EventLoops loops) {
        this(head, limits, loops.group().ticker()::nanoTime, loops.sockets());
    }

    /**
     * Makes an empty registry.
     *
     * @param head
     *            names the protocol in the log: "Kafka"
     * @param nanoTime
     *            elapsed time of the machine, for the rates: the time of day may be set back, and
     *            that of a test may stand still
     * @param sockets
     *            shared with the registries of other heads
     */
    ConnectionRegistry(String head, ConnectionLimits limits, LongSupplier nanoTime,
            SocketAllowance sockets) {
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.sockets = sockets;
        this.refusals = new Refusals(head, limits, sockets);
        this.rate = new ConnectRate(limits.perSecond(), nowMs());
    }

    private long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
    }

    /** Takes a connection, which leaves by being closed; or closes it. */
    public boolean admit(Channel channel) {
        if (channel.remoteAddress() == null) {
            var _ = channel.close();
            return false;
        }
        ClientAddress address = ClientAddress.of(channel.remoteAddress());
        Optional<Cause> refused = take(address);
        if (refused.isPresent()) {
            refusals.refused(refused.get(), address, nowMs());
            var _ = channel.close();
            return false;
        }
        channels.add(channel);
        var _ = channel.closeFuture().addListener(_ -> left(address));
        return true;
    }

    private Optional<Cause> take(ClientAddress address) {
        long nowMs = nowMs();
        synchronized (peers) {
            forget(nowMs);
            Peer peer = peers.computeIfAbsent(address, _ -> new Peer(
                    new ConnectRate(limits.perAddressPerSecond(), nowMs)));
            if (!peer.rate.available(nowMs)) {
                return Optional.of(Cause.ADDRESS_RATE);
            }
            // A refused attempt counts too: it costs as much.
            peer.rate.take();
            if (peer.connections >= limits.perAddress()) {
                return Optional.of(Cause.ADDRESS);
            }
            if (count >= limits.total()) {
                return Optional.of(Cause.TOTAL);
            }
            if (!rate.available(nowMs)) {
                return Optional.of(Cause.RATE);
            }
            if (!sockets.take()) {
                return Optional.of(Cause.OPEN_FILES);
            }
            rate.take();
            peer.connections++;
            count++;
            return Optional.empty();
        }
    }

    private void left(ClientAddress address) {
        sockets.release();
        synchronized (peers) {
            count--;
            Peer peer = peers.get(address);
            if (peer != null) {
                peer.connections--;
            }
        }
    }

    /** Drops addresses without a connection when there are many: first those at rest, else all. */
    private void forget(long nowMs) {
        if (peers.size() < REMEMBERED + 2L * count) {
            return;
        }
        peers.values().removeIf(peer -> peer.connections == 0 && peer.rate.full(nowMs));
        if (peers.size() >= REMEMBERED + count) {
            peers.values().removeIf(peer -> peer.connections == 0);
        }
    }

    /** Connections now. */
    public int size() {
        synchronized (peers) {
            return count;
        }
    }

    /** Addresses with a connection, or with one lately. */
    int remembered() {
        synchronized (peers) {
            return peers.size();
        }
    }

    /** Connections refused since the start. */
    public long refused() {
        return refusals.total();
    }

    /** Those there are, at some moment during the iteration. */
    @Override
    public Iterator<Channel> iterator() {
        return channels.iterator();
    }

    /** Waits until there is no connection; false if that takes longer. */
    public boolean awaitNone(int seconds) {
        boolean closed = true;
        while (closed && !channels.isEmpty()) {
            closed = channels.newCloseFuture().awaitUninterruptibly(seconds, TimeUnit.SECONDS);
        }
        return closed;
    }

    /** Closes every connection; waits for it. */
    @Override
    public void close() {
        channels.close().awaitUninterruptibly();
    }
}
