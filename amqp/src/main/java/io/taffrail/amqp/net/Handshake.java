package io.taffrail.amqp.net;

import io.netty.channel.EventLoop;
import io.taffrail.amqp.AmqpConfig;
import io.taffrail.amqp.codec.AmqpException;
import io.taffrail.amqp.codec.ConnectionMethod;
import io.taffrail.amqp.codec.ReplyCode;
import io.taffrail.amqp.login.Credentials;
import io.taffrail.amqp.login.Mechanism;
import io.taffrail.broker.user.Access;
import io.taffrail.broker.vhost.VirtualHost;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The exchange that opens a connection (AMQP 0-9-1 §2.2.4):
 *
 * <pre>
 *   start ─► start-ok ─► tune ─► tune-ok, open ─► open-ok
 * </pre>
 *
 * As RabbitMQ's, it answers impossible proposals by closing the socket.
 */
final class Handshake {

    /** The socket is closed without a word. */
    static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        RefusedException(String reason) {
            super(reason, null, false, false);
        }
    }

    /**
     * What both ends agreed on.
     *
     * @param heartbeatSeconds
     *            0 for none
     * @param access
     *            what the user may do in the virtual host
     */
    record Terms(Peer peer, int channelMax, int heartbeatSeconds, VirtualHost host,
            Access access) {}

    private static final int LEAST_FRAME_MAX = 4096;

    private final Services services;
    private final AmqpConfig config;
    private final InetAddress from;
    private Peer peer = Peer.UNKNOWN;
    private Mechanism mechanism = Mechanism.PLAIN;
    private int channelMax;
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
     * Begins to find out who the client is; from now on it is taken for who it claims to be.
     *
     * @param loop
     *            the connection's
     * @return whether it is that; completes on any thread
     */
    CompletableFuture<Boolean> login(ConnectionMethod.StartOk startOk, EventLoop loop) {
        mechanism = Mechanism.find(startOk.mechanism(), config.anonymousUser().isPresent())
                .orElseThrow(() -> new RefusedException(
                        "the mechanism '" + startOk.mechanism() + "' is not offered"));
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

    /** A failed login as the client is to hear of it, if it wants to. */
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

    /** Takes what the client makes of {@link #tune}. */
    void tuned(ConnectionMethod.TuneOk tuned) {
        if (tuned.channelMax() < 1 || tuned.channelMax() > config.channelMax()) {
            throw new RefusedException("negotiated channel_max = " + tuned.channelMax());
        }
        if (tuned.frameMax() < LEAST_FRAME_MAX || tuned.frameMax() > config.frameMaxBytes()) {
            throw new RefusedException("negotiated frame_max = " + tuned.frameMax());
        }
        channelMax = tuned.channelMax();
        heartbeatSeconds = tuned.heartbeatSeconds();
    }

    static String refused(String user, String host) {
        return "access to vhost '" + host + "' refused for user '" + user + "'";
    }

    /** 0 for none, or before that is agreed on. */
    int heartbeatSeconds() {
        return heartbeatSeconds;
    }

    /** The user who has logged in, or tries to; empty before that. */
    String user() {
        return peer.user();
    }

    /**
     * Ends the exchange.
     *
     * @throws AmqpException
     *             530 if there is no such virtual host, or not for this user
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
