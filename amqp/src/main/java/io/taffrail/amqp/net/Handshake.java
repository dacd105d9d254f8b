package io.taffrail.amqp.net;

import io.netty.channel.EventLoop;
import io.taffrail.amqp.AmqpConfig;
import io.taffrail.amqp.codec.AmqpException;
import io.taffrail.amqp.codec.ConnectionMethod;
import io.taffrail.amqp.codec.ReplyCode;
import io.taffrail.amqp.login.Mechanism;
import io.taffrail.broker.login.Credentials;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.PlainTables;
import io.taffrail.broker.user.Access;
import io.taffrail.broker.vhost.VirtualHost;
import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The handshake that opens a connection (AMQP 0-9-1 §2.2.4):
 *
 * <pre>
 *   start ─► start-ok ─► tune ─► tune-ok, open ─► open-ok
 * </pre>
 *
 * As in RabbitMQ, a proposal out of bounds makes the broker close the socket.
 */
final class Handshake {

    /** Makes the broker close the socket without {@code connection.close}. */
    static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        RefusedException(String reason) {
            super(reason, null, false, false);
        }
    }

    /**
     * Result of the handshake.
     *
     * @param heartbeatSeconds
     *            negotiated heartbeat interval in seconds, 0 for none
     * @param access
     *            permissions of the user in the virtual host
     */
    record Terms(Peer peer, int channelMax, int heartbeatSeconds, VirtualHost host,
            Access access) {}

    /** Smallest {@code frame-max} a client may choose ({@code frame-min-size}), in bytes. */
    private static final int LEAST_FRAME_MAX = 4096;

    private final Services services;
    private final AmqpConfig config;
    private final InetAddress from;
    private Peer peer = Peer.UNKNOWN;
    private Mechanism mechanism = Mechanism.PLAIN;
    private FieldTable clientProperties = FieldTable.EMPTY;
    private int channelMax;
    private int frameMaxBytes;
    private int heartbeatSeconds;

    Handshake(Services services, InetAddress from) {
        this.services = services;
        this.config = services.config();
        this.from = from;
    }

    ConnectionMethod.Start start() {
        return new ConnectionMethod.Start(0, 9, ServerProperties.table(services.clusterName()),
                Mechanism.offered(config.anonymousUser().isPresent()), "en_US");
    }

    /**
     * Starts authentication. From this call on, {@link #user} returns the claimed user name.
     *
     * @param loop
     *            event loop of the connection
     * @return true if the login is accepted; completes on any thread
     * @throws RefusedException
     *             if the mechanism is not offered
     */
    CompletableFuture<Boolean> login(ConnectionMethod.StartOk startOk, EventLoop loop) {
        mechanism = Mechanism.find(startOk.mechanism(), config.anonymousUser().isPresent())
                .orElseThrow(() -> new RefusedException(
                        "the mechanism '" + startOk.mechanism() + "' is not offered"));
        clientProperties = startOk.clientProperties();
        if (mechanism == Mechanism.ANONYMOUS) {
            String user = config.anonymousUser().orElseThrow();
            peer = Peer.of(user, startOk.clientProperties());
            return CompletableFuture
                    .completedFuture(services.users().acceptsAnonymously(user, from));
        }
        Optional<Credentials> credentials = mechanism.credentials(startOk.response().bytes());
        peer = Peer.of(credentials.map(Credentials::user).orElse(""),
                startOk.clientProperties());
        return credentials.map(claimed -> services.logins().login(claimed, from, loop))
                .orElseGet(() -> CompletableFuture.completedFuture(false));
    }

    /**
     * Error for a failed login: {@code connection.close} if the client has the capability
     * {@code authentication_failure_close}, otherwise the socket is closed.
     */
    RuntimeException loginRefused() {
        String reason = "Login was refused using authentication mechanism " + mechanism
                + ". For details see the broker logfile.";
        return peer.closesOnFailedLogin()
                ? AmqpException.closingConnection(ReplyCode.ACCESS_REFUSED, reason)
                : new RefusedException(reason);
    }

    ConnectionMethod.Tune tune() {
        return new ConnectionMethod.Tune(config.channelMax(), config.frameMaxBytes(),
                config.heartbeatSeconds());
    }

    /**
     * Takes the values the client chose in reply to {@link #tune}.
     *
     * @throws RefusedException
     *             if a value is out of bounds
     */
    void tuned(ConnectionMethod.TuneOk tuned) {
        if (tuned.channelMax() < 1 || tuned.channelMax() > config.channelMax()) {
            throw new RefusedException("negotiated channel_max = " + tuned.channelMax());
        }
        if (tuned.frameMax() < LEAST_FRAME_MAX || tuned.frameMax() > config.frameMaxBytes()) {
            throw new RefusedException("negotiated frame_max = " + tuned.frameMax());
        }
        channelMax = tuned.channelMax();
        frameMaxBytes = (int) tuned.frameMax();
        heartbeatSeconds = tuned.heartbeatSeconds();
    }

    /** Adds what was agreed with the client, by RabbitMQ's names. */
    void report(Map<String, Object> facts) {
        facts.put("auth_mechanism", mechanism.toString());
        facts.put("channel_max", channelMax);
        facts.put("frame_max", frameMaxBytes);
        facts.put("timeout", heartbeatSeconds);
        facts.put("client_properties", PlainTables.plain(clientProperties));
    }

    static String refused(String user, String host) {
        return "access to vhost '" + host + "' refused for user '" + user + "'";
    }

    /** Negotiated heartbeat interval in seconds; 0 if there is none or none is negotiated yet. */
    int heartbeatSeconds() {
        return heartbeatSeconds;
    }

    /** User name of the login, also before it is checked; empty before {@code start-ok}. */
    String user() {
        return peer.user();
    }

    /**
     * Completes the handshake.
     *
     * @throws AmqpException
     *             530 if the virtual host does not exist or the user has no access to it
     */
    Terms open(ConnectionMethod.Open open) {
        VirtualHost host = services.hosts().find(open.virtualHost())
                .orElseThrow(() -> new AmqpException(ReplyCode.NOT_ALLOWED,
                        "vhost " + open.virtualHost() + " not found"));
        Access access = services.users().access(peer.user(), host.name())
                .orElseThrow(() -> new AmqpException(ReplyCode.NOT_ALLOWED,
                        refused(peer.user(), host.name())));
        return new Terms(peer, channelMax, heartbeatSeconds, host, access);
    }
}
