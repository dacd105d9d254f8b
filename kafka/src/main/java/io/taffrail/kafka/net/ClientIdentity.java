package io.taffrail.kafka.net;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;

/** Identity of the client at the other end of a connection. On the connection's event loop only. */
final class ClientIdentity {

    private final String connectionId;
    private final InetSocketAddress remote;
    private final InetSocketAddress local;
    private ClientInformation software = ClientInformation.EMPTY;

    ClientIdentity(Channel channel) {
        this.remote = (InetSocketAddress) channel.remoteAddress();
        this.local = (InetSocketAddress) channel.localAddress();
        this.connectionId = hostPort(local) + "-" + hostPort(remote) + "-"
                + channel.id().asShortText();
    }

    private static String hostPort(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /** Stores the client software's name and version from ApiVersions (KIP-511). */
    void software(String name, String version) {
        software = new ClientInformation(name, version);
    }

    RequestContext context(RequestHeader header) {
        return new ConnectionContext(header, connectionId, remote, local, software);
    }

    @Override
    public String toString() {
        return connectionId;
    }
}
