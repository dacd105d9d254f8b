package io.taffrail.cli.server;

import io.taffrail.amqp.AmqpConfig;
import io.taffrail.broker.Broker;
import io.taffrail.broker.login.ConfiguredUsers;
import io.taffrail.broker.login.PasswordChecks;
import io.taffrail.broker.traffic.ConnectionReports;
import io.taffrail.cli.config.Config;
import io.taffrail.http.HttpConfig;
import io.taffrail.http.console.ConsoleContext;
import io.taffrail.http.console.ConsoleRoutes;
import io.taffrail.http.job.JobRoutes;
import io.taffrail.http.management.ManagementContext;
import io.taffrail.http.management.ManagementRoutes;
import io.taffrail.http.management.NodeFacts;
import io.taffrail.http.management.NodeFacts.NodeListener;
import io.taffrail.http.metrics.MetricsConfig;
import io.taffrail.http.metrics.MetricsContext;
import io.taffrail.http.metrics.MetricsRoutes;
import io.taffrail.http.route.HttpRoutes;
import io.taffrail.http.session.Sessions;
import io.taffrail.kafka.KafkaHead;
import io.taffrail.net.ClientConnections;
import io.taffrail.net.EventLoops;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes of the HTTP head, with what they need of the other parts. Safe for any thread. */
final class Management {

    private static final Logger LOG = LoggerFactory.getLogger(Management.class);

    private final HttpRoutes routes = new HttpRoutes();
    /** Empty until all heads listen. */
    private volatile List<NodeListener> listeners = List.of();

    private volatile Supplier<Map<String, Object>> status = Map::of;
    private final Sessions sessions;

    Management(Broker broker, PasswordChecks checks, Instant started, Heads heads,
            EventLoops loops, Config config) {
        ConfiguredUsers configured = checks.configured();
        this.sessions = new Sessions(checks.logins().users(), broker.clock());
        String version = Management.class.getPackage().getImplementationVersion();
        NodeFacts node = new NodeFacts("rabbit@" + host(), version == null ? "0.0.0" : version,
                started, () -> listeners);
        ManagementRoutes.register(routes, new ManagementContext(broker, configured, node,
                heads.connections(), heads.reports(), loops.group(),
                config.get(AmqpConfig.class).maxMessageBytes()));
        MetricsRoutes.register(routes, new MetricsContext(broker, node, heads.reports(), loops,
                () -> heads.kafka().requests().join(), heads.kafka()::groupLags,
                anonymous(config)));
        ConsoleRoutes.register(routes, new ConsoleContext(broker, heads.kafka().groups(),
                sessions, () -> heads.connections().values().stream()
                        .map(ClientConnections::list).mapToInt(List::size).sum(),
                () -> status.get(), () -> settings(config)));
        JobRoutes.register(routes, broker);
    }

    /** The heads with clients of the broker, by the name of their protocol. */
    record Heads(KafkaHead kafka, Map<String, ClientConnections> connections,
            Map<String, ConnectionReports> reports) {}

    /** Whether metrics need no login: the HTTP listener is loopback, or a setting allows it. */
    private static boolean anonymous(Config config) {
        return config.get(MetricsConfig.class).anonymous()
                || config.get(HttpConfig.class).listener().filter(Exposure::isExposed).isEmpty();
    }

    private static List<Map<String, Object>> settings(Config config) {
        return config.inForce().stream().map(setting -> {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("name", setting.name());
            object.put("value", setting.value());
            object.put("origin", setting.origin());
            object.put("set", setting.isSet());
            return object;
        }).toList();
    }

    Sessions sessions() {
        return sessions;
    }

    HttpRoutes routes() {
        return routes;
    }

    /** All heads listen at these addresses, and the status report is complete. */
    void listening(List<NodeListener> all, Supplier<Map<String, Object>> report) {
        listeners = List.copyOf(all);
        status = report;
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
