package io.taffrail.kafka.net;

import java.net.InetSocketAddress;
import org.apache.kafka.common.network.ClientInformation;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.requests.RequestContext;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;

/** Context of a request, with the local address through which the client reached this node. */
final class ConnectionContext extends RequestContext {

    private static final ListenerName LISTENER = ListenerName
            .forSecurityProtocol(SecurityProtocol.PLAINTEXT);

    private final InetSocketAddress local;

    ConnectionContext(RequestHeader header, String connectionId, InetSocketAddress remote,
            InetSocketAddress local, ClientInformation software) {
        super(header, connectionId, remote.getAddress(), KafkaPrincipal.ANONYMOUS, LISTENER,
                SecurityProtocol.PLAINTEXT, software, false);
        this.local = local;
    }

    InetSocketAddress local() {
        return local;
    }
}
