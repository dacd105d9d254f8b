package io.taffrail.net;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;

/** Bytes of one connection. Changed and read on its event loop only. */
public final class ConnectionTraffic {

    private static final AttributeKey<ConnectionTraffic> KEY = AttributeKey
            .valueOf(ConnectionTraffic.class, "traffic");

    private long received;
    private long sent;
    private long reads;
    private long writes;
    /** Elapsed time of the machine at the accept, in milliseconds. */
    private long acceptedAtMs;

    /** The traffic of a channel; counted from 0 when it is asked for the first time. */
    public static ConnectionTraffic of(Channel channel) {
        ConnectionTraffic known = channel.attr(KEY).get();
        if (known == null) {
            known = new ConnectionTraffic();
            channel.attr(KEY).set(known);
        }
        return known;
    }

    void acceptedAt(long nowMs) {
        acceptedAtMs = nowMs;
    }

    /** Elapsed time of the machine at the accept, in milliseconds. */
    long acceptedAtMs() {
        return acceptedAtMs;
    }

    /** Counts one read of the socket. */
    public void received(int bytes) {
        received += bytes;
        reads++;
    }

    /** Counts one buffer or file region that was handed to the socket. */
    public void sent(long bytes) {
        sent += bytes;
        writes++;
    }

    public long received() {
        return received;
    }

    public long sent() {
        return sent;
    }

    public long reads() {
        return reads;
    }

    public long writes() {
        return writes;
    }
}
