package io.taffrail.net;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import io.taffrail.log.config.HostPort;
import java.net.InetSocketAddress;
import java.util.Map;

/**
 * An open connection as an operator sees it.
 *
 * @param name
 *            address of the client, {@code HOST:PORT}
 * @param listener
 *            address of the listener, {@code HOST:PORT}
 * @param client
 *            what the client has told about itself, such as its user, by field name
 */
public record ClientConnection(String name, String listener, Map<String, String> client) {

    private static final AttributeKey<Map<String, String>> CLIENT = AttributeKey
            .valueOf(ClientConnection.class, "client");

    /** Stores what a client has told about itself, for the list of connections. Any thread. */
    public static void describe(Channel channel, Map<String, String> client) {
        channel.attr(CLIENT).set(Map.copyOf(client));
    }

    /** The connection of a channel. */
    public static ClientConnection of(Channel channel) {
        Map<String, String> client = channel.attr(CLIENT).get();
        return new ClientConnection(name(channel),
                text((InetSocketAddress) channel.localAddress()),
                client == null ? Map.of() : client);
    }

    static String name(Channel channel) {
        return text((InetSocketAddress) channel.remoteAddress());
    }

    private static String text(InetSocketAddress address) {
        return new HostPort(address.getAddress().getHostAddress(), address.getPort()).toString();
    }
}
