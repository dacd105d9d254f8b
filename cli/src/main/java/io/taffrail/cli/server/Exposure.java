package io.taffrail.cli.server;

import io.taffrail.amqp.AmqpConfig;
import io.taffrail.cli.config.Config;
import io.taffrail.cli.config.ConfigException;
import io.taffrail.http.HttpConfig;
import io.taffrail.kafka.KafkaConfig;
import io.taffrail.log.config.HostPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks which listeners other machines can reach. A reachable listener without authentication
 * is refused unless {@code insecure} is set; unencrypted reachable listeners are logged.
 */
final class Exposure {

    private static final Logger LOG = LoggerFactory.getLogger(Exposure.class);

    private Exposure() {}

    /**
     * Checks the configured addresses before anything is opened.
     *
     * @throws ConfigException
     *             if a listener must not be opened; the message names the alternatives
     */
    static void check(Config config) {
        HostPort kafka = config.get(KafkaConfig.class).listener();
        if (isExposed(kafka)) {
            if (!config.get(ServerConfig.class).insecure()) {
                throw new ConfigException(List.of("kafka.listener " + kafka
                        + " can be reached from other machines, and Kafka clients are asked for no"
                        + " credentials: whoever reaches it may read, write and delete everything."
                        + " Listen on 127.0.0.1, or accept that with --insecure (insecure = true)"
                        + " where a firewall or a private network keeps others out"));
            }
            LOG.warn("SEC-001 Kafka clients from anywhere may read, write and delete everything:"
                    + " kafka.listener {} asks for no credentials, and insecure is set", kafka);
        }
        AmqpConfig amqpConfig = config.get(AmqpConfig.class);
        Optional<HostPort> exposed = amqpConfig.listener().filter(Exposure::isExposed);
        exposed.filter(_ -> amqpConfig.anonymousUser().isPresent())
                .ifPresent(amqp -> checkAnonymous(config, amqp));
        exposed.ifPresent(amqp -> LOG.warn("SEC-002 AMQP without TLS at {}: passwords and messages"
                + " cross the network in the clear", amqp));
        config.get(HttpConfig.class).listener().filter(Exposure::isExposed)
                .ifPresent(http -> LOG.warn("SEC-002 HTTP without TLS at {}: passwords and messages"
                        + " cross the network in the clear", http));
    }

    private static void checkAnonymous(Config config, HostPort amqp) {
        if (!config.get(ServerConfig.class).insecure()) {
            throw new ConfigException(List.of("amqp.listener " + amqp
                    + " can be reached from other machines, and amqp.anonymous.login.user lets"
                    + " clients in without a password. Listen on 127.0.0.1, or accept that with"
                    + " --insecure (insecure = true) where a firewall or a private network keeps"
                    + " others out"));
        }
        LOG.warn("SEC-001 AMQP clients from anywhere may do what the user of"
                + " amqp.anonymous.login.user may: amqp.listener {} asks them for no password, and"
                + " insecure is set", amqp);
    }

    /**
     * True if other machines can reach the address; an unknown host returns false and
     * fails when it is bound.
     */
    static boolean isExposed(HostPort address) {
        try {
            return !Arrays.stream(InetAddress.getAllByName(address.host()))
                    .allMatch(InetAddress::isLoopbackAddress);
        } catch (UnknownHostException e) {
            LOG.debug("{} is no address", address, e);
            return false;
        }
    }
}
