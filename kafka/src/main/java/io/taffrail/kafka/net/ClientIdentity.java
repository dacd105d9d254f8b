package io.taffrail.kafka.net;

import io.netty.channel.Channel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** Who is at the other end of a connection. On its event loop only. */
final class ClientIdentity {

    private static final ListenerName LISTENER = ListenerName
            .forSecurityProtocol(SecurityProtocol.PLAINTEXT);

    private final String connectionId;
    private final InetAddress address;
    private ClientInformation software = ClientInformation.EMPTY;

    ClientIdentity(Channel channel) {
        InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
        InetSocketAddress local = (InetSocketAddress) channel.localAddress();
        this.address = remote.getAddress();
        this.connectionId = hostPort(local) + "-" + hostPort(remote) + "-" + channel.id()
                .asShortText();
    }

    private static String hostPort(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    /** Takes what the client says of itself in ApiVersions (KIP-511). */
    void software(String name, String version) {
        software = new ClientInformation(name, version);
    }

    RequestContext context(RequestHeader header) {
        return new RequestContext(header, connectionId, address, KafkaPrincipal.ANONYMOUS, LISTENER,
                SecurityProtocol.PLAINTEXT, software, false);
    }

    @Override
    public String toString() {
        return connectionId;
    }
}
