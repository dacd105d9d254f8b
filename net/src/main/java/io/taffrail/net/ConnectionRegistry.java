package io.taffrail.net;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.taffrail.net.ConnectionLimits.Cause;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The connections of one head, and the admission of new ones: limits their number in total and per
 * address, and the rate of new ones. A refused connection is closed before anything is allocated
 * for it, and counted. Thread-safe.
 */
public final class ConnectionRegistry implements Iterable<Channel>, AutoCloseable {

    /** Number of connections that are asked in one task of their event loop. */
    private static final int ASKED_AT_ONCE = 256;
    /** Number of addresses without connections that are remembered for their rates. */
    private static final int REMEMBERED = 10_000;

    /** Connections and rate of one address. */
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
    /** Guarded by itself, as are the next two fields. */
    private final Map<ClientAddress, Peer> peers = new HashMap<>();
    private final ConnectRate rate;
    private int count;
    private final LongAdder admitted = new LongAdder();
    private final LongAdder closed = new LongAdder();
    private final LongAdder receivedByClosed = new LongAdder();
    private final LongAdder sentByClosed = new LongAdder();

    /** Connections since the start, and the bytes of those that are closed. */
    public record Totals(long opened, long closed, long received, long sent) {}

    /**
     * Creates an empty registry with the sockets and the time of the event loops.
     *
     * @param head
     *            name of the protocol in the log, such as {@code "Kafka"}
     */
    public ConnectionRegistry(String head, ConnectionLimits limits, EventLoops loops) {
        this(head, limits, loops.group().ticker()::nanoTime, loops.sockets());
    }

    /**
     * Creates an empty registry.
     *
     * @param head
     *            name of the protocol in the log, such as {@code "Kafka"}
     * @param nanoTime
     *            elapsed time of the machine, for the rates; the time of day may be set back, and a
     *            test's may stand still
     * @param sockets
     *            limit shared with the registries of other heads
     */
    ConnectionRegistry(String head, ConnectionLimits limits, LongSupplier nanoTime,
            SocketAllowance sockets) {
        this.limits = limits;
        this.nanoTime = nanoTime;
        this.sockets = sockets;
        this.refusals = new Refusals(head, limits, sockets, new RareLines(nanoTime));
        this.rate = new ConnectRate(limits.perSecond(), nowMs());
    }

    private long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong());
    }

    /** Admits a connection until it is closed, or closes it at once; returns true if admitted. */
    public boolean admit(Channel channel) {
        if (channel.remoteAddress() == null) {
            var _ = channel.close();
            return false;
        }
        ClientAddress address = ClientAddress.of(channel.remoteAddress());
        Optional<Cause> refused = take(address);
        if (refused.isPresent()) {
            refusals.refused(refused.get(), address);
            var _ = channel.close();
            return false;
        }
        ConnectionTraffic traffic = ConnectionTraffic.of(channel);
        traffic.acceptedAt(nowMs());
        admitted.increment();
        channels.add(channel);
        var _ = channel.closeFuture().addListener(_ -> {
            closed.increment();
            receivedByClosed.add(traffic.received());
            sentByClosed.add(traffic.sent());
            left(address);
        });
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
            // Refused attempts count too, because they cost as much.
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
            assert count >= 0 && peer != null && peer.connections > 0
                    : "a connection of " + address.text() + " ended twice";
            if (peer != null) {
                peer.connections--;
            }
        }
    }

    /**
     * If there are too many addresses without connections, drops those with a full bucket;
     * if that is not enough, all of them.
     */
    private void forget(long nowMs) {
        if (peers.size() < REMEMBERED + 2L * count) {
            return;
        }
        peers.values().removeIf(peer -> peer.connections == 0 && peer.rate.full(nowMs));
        if (peers.size() >= REMEMBERED + count) {
            peers.values().removeIf(peer -> peer.connections == 0);
        }
    }

    /** Number of open connections. */
    public int size() {
        synchronized (peers) {
            return count;
        }
    }

    /** Number of addresses with a connection now or recently. */
    int remembered() {
        synchronized (peers) {
            return peers.size();
        }
    }

    /** Number of connections refused since the start. */
    public long refused() {
        return refusals.total();
    }

    /** Connections since the start, and the bytes of those that are closed. */
    public Totals totals() {
        return new Totals(admitted.sum(), closed.sum(), receivedByClosed.sum(),
                sentByClosed.sum());
    }

    /** Age of a connection in milliseconds. */
    public long ageMs(Channel channel) {
        return Math.max(0, nowMs() - ConnectionTraffic.of(channel).acceptedAtMs());
    }

    /**
     * Asks every open connection on its event loop, in tasks of a bounded number of connections. A
     * connection that closes, moves to another loop or gives no answer is left out. Completes on
     * any thread.
     */
    public <T> CompletableFuture<List<T>> ask(Function<Channel, Optional<T>> question) {
        Map<EventLoop, List<Channel>> byLoop = new HashMap<>();
        for (Channel channel : channels) {
            if (channel.isRegistered()) {
                byLoop.computeIfAbsent(channel.eventLoop(), _ -> new ArrayList<>()).add(channel);
            }
        }
        List<CompletableFuture<List<T>>> parts = new ArrayList<>();
        byLoop.forEach((loop, all) -> {
            for (int from = 0; from < all.size(); from += ASKED_AT_ONCE) {
                List<Channel> some = all.subList(from,
                        Math.min(all.size(), from + ASKED_AT_ONCE));
                parts.add(CompletableFuture.supplyAsync(() -> some.stream()
                        .filter(it -> it.isActive() && it.eventLoop().equals(loop))
                        .flatMap(it -> question.apply(it).stream()).toList(), loop));
            }
        });
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .thenApply(_ -> parts.stream().flatMap(it -> it.join().stream()).toList());
    }

    /** The open connections, by the address of the client. */
    public List<ClientConnection> list() {
        return channels.stream().filter(it -> it.remoteAddress() != null)
                .map(ClientConnection::of)
                .sorted(Comparator.comparing(ClientConnection::name)).toList();
    }

    /** Finds the open connection of this {@link ClientConnection#name}. */
    public Optional<Channel> find(String name) {
        return channels.stream().filter(it -> it.remoteAddress() != null
                && ClientConnection.name(it).equals(name)).findFirst();
    }

    /** Iterates over the open connections; weakly consistent. */
    @Override
    public Iterator<Channel> iterator() {
        return channels.iterator();
    }

    /** Waits until no connection is open; false if {@code seconds} elapse before. */
    public boolean awaitNone(int seconds) {
        boolean closed = true;
        while (closed && !channels.isEmpty()) {
            closed = channels.newCloseFuture().awaitUninterruptibly(seconds, TimeUnit.SECONDS);
        }
        return closed;
    }

    /** Closes every connection and waits until all are closed. */
    @Override
    public void close() {
        channels.close().awaitUninterruptibly();
    }
}
