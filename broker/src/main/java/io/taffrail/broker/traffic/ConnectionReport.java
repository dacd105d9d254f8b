package io.taffrail.broker.traffic;

import java.util.List;
import java.util.Map;

/**
 * An open connection as an operator sees it.
 *
 * @param client
 *            address of the client, {@code HOST:PORT}
 * @param listener
 *            address of the listener, {@code HOST:PORT}
 * @param facts
 *            user, settings and state, by RabbitMQ's names
 * @param octets
 *            bytes and network operations since it was accepted
 */
public record ConnectionReport(String client, String listener, Map<String, ?> facts,
        Octets octets, List<ChannelReport> channels) {

    /**
     * Bytes of connections.
     *
     * @param reads
     *            reads from the socket
     * @param writes
     *            buffers handed to the socket
     * @param ageMs
     *            time since the connection was accepted, in milliseconds
     */
    public record Octets(long received, long sent, long reads, long writes, long ageMs) {}
}
