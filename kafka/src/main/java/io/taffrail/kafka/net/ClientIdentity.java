package io.taffrail.kafka.net;

import io.netty.channel.Channel;
import io.taffrail.net.ClientConnection;
import java.net.InetSocketAddress;
import java.util.Map;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.jspecify.annotations.Nullable;

/** Identity of the client at the other end of a connection. On the connection's event loop only. */
final class ClientIdentity {

    private final Channel channel;
    private final String connectionId;
    private final InetSocketAddress remote;
    private final InetSocketAddress local;
    private ClientInformation software = ClientInformation.EMPTY;

    ClientIdentity(Channel channel) {
        this.channel = channel;
        this.remote = (InetSocketAddress) channel.remoteAddress();
        this.local = (InetSocketAddress) channel.localAddress();
        this.connectionId = hostPort(local) + "-" + hostPort(remote) + "-"
                + channel.id().asShortText();
    }

    private static String hostPort(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /** Stores the client software's name and version from ApiVersions (KIP-511). */
    void software(String name, String version, @Nullable String clientId) {
        software = new ClientInformation(name, version);
        ClientConnection.describe(channel, Map.of("client_id", clientId == null ? "" : clientId,
                "software", name + " " + version));
    }

    RequestContext context(RequestHeader header) {
        return new ConnectionContext(header, connectionId, remote, local, software);
    }

    @Override
    public String toString() {
        return connectionId;
    }
}
