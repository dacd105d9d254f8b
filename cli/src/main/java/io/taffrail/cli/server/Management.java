package io.taffrail.cli.server;

import io.taffrail.broker.Broker;
import io.taffrail.broker.login.ConfiguredUsers;
import io.taffrail.http.management.ManagementContext;
import io.taffrail.http.management.ManagementRoutes;
import io.taffrail.http.management.NodeFacts;
import io.taffrail.http.management.NodeFacts.NodeListener;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.net.ClientConnections;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes of the HTTP head, with what they need of the other parts. Safe for any thread. */
final class Management {

    private static final Logger LOG = LoggerFactory.getLogger(Management.class);

    private final HttpRoutes routes = new HttpRoutes();
    /** Empty until all heads listen. */
    private volatile List<NodeListener> listeners = List.of();

    Management(Broker broker, ConfiguredUsers configured, Instant started,
            Map<String, ClientConnections> heads) {
        String version = Management.class.getPackage().getImplementationVersion();
        ManagementRoutes.register(routes, new ManagementContext(broker, configured,
                new NodeFacts("rabbit@" + host(), version == null ? "0.0.0" : version, started,
                        () -> listeners),
                heads));
    }

    HttpRoutes routes() {
        return routes;
    }

    /** All heads listen at these addresses. */
    void listening(List<NodeListener> all) {
        listeners = List.copyOf(all);
    }

    /** This machine's name up to the first dot, as RabbitMQ's nodes are named. */
    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName().split("\\.", 2)[0];
        } catch (UnknownHostException e) {
            LOG.debug("this machine's name cannot be resolved", e);
            return "localhost";
        }
    }
}
