package io.taffrail.amqp.net;

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
    private int channelMax;
    private int heartbeatSeconds;

    Handshake(Services services, InetAddress from) {
        this.services = services;
        this.config = services.config();
        this.from = from;
    }

    ConnectionMethod.Start start() {
        return new ConnectionMethod.Start(0, 9, ServerProperties.table(services.clusterName()),
                Mechanism.offered(), "en_US");
    }

    /**
     * Finds out who the client is.
     *
     * @throws AmqpException
     *             403 if the login is wrong and the client wants to hear it
     */
    void login(ConnectionMethod.StartOk startOk) {
        Mechanism mechanism = Mechanism.find(startOk.mechanism())
                .orElseThrow(() -> new RefusedException(
                        "the mechanism '" + startOk.mechanism() + "' is not offered"));
        Optional<Credentials> credentials = mechanism.credentials(startOk.response().bytes());
        if (credentials.isPresent() && services.users().accepts(credentials.get(), from)) {
            peer = Peer.of(credentials.get().user(), startOk.clientProperties());
            return;
        }
        String reason = "Login was refused using authentication mechanism " + mechanism
                + ". For details see the broker logfile.";
        if (Peer.of("", startOk.clientProperties()).closesOnFailedLogin()) {
            throw AmqpException.closingConnection(ReplyCode.ACCESS_REFUSED, reason);
        }
        throw new RefusedException(reason);
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
                .orElseThrow(() -> new AmqpException(ReplyCode.NOT_ALLOWED, "access to vhost '"
                        + host.name() + "' refused for user '" + peer.user() + "'"));
        return new Terms(peer, channelMax, heartbeatSeconds, host, access);
    }
}
