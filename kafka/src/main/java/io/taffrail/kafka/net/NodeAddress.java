package io.taffrail.kafka.net;

import io.taffrail.log.config.HostPort;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.requests.RequestContext;

/**
 * Address at which a client reaches this node: the advertised address if there is one, otherwise
 * the local address of the client's connection.
 *
 * @param advertised
 *            address that is reported to every client
 */
public record NodeAddress(int nodeId, Optional<HostPort> advertised)
        implements
            Function<RequestContext, Node> {

    @Override
    public Node apply(RequestContext context) {
        if (advertised.isPresent()) {
            return new Node(nodeId, advertised.get().host(), advertised.get().port());
        }
        InetSocketAddress local = ((ConnectionContext) context).local();
        return new Node(nodeId, local.getAddress().getHostAddress(), local.getPort());
    }
}
