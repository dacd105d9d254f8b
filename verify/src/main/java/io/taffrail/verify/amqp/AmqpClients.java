package io.taffrail.verify.amqp;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.taffrail.verify.load.WorkloadException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeoutException;

/**
 * Creates connections to one AMQP address, as user {@code guest} unless the address
 * is a URI with another user.
 */
final class AmqpClients {

    private static final int ANSWER_MS = 5000;
    private static final int HEARTBEAT_SECONDS = 10;

    private final String address;
    private final ConnectionFactory factory = new ConnectionFactory();

    /**
     * Creates a factory for one address.
     *
     * @param address
     *            {@code HOST:PORT} or {@code amqp://USER:PASSWORD@HOST:PORT/VHOST}
     * @throws WorkloadException
     *             if the address is invalid
     */
    AmqpClients(String address) {
        this.address = address;
        try {
            factory.setUri(address.contains("://") ? address : "amqp://" + address);
        } catch (URISyntaxException | GeneralSecurityException e) {
            throw new WorkloadException(address + " is not an AMQP address", e);
        }
        // The history must contain all that a client does after an outage,
        // so the client must not reconnect by itself.
        factory.setAutomaticRecoveryEnabled(false);
        factory.setConnectionTimeout(ANSWER_MS);
        factory.setHandshakeTimeout(ANSWER_MS);
        factory.setChannelRpcTimeout(ANSWER_MS);
        factory.setRequestedHeartbeat(HEARTBEAT_SECONDS);
    }

    Connection connect() throws IOException, TimeoutException {
        return factory.newConnection();
    }

    String address() {
        return address;
    }

    static String place(String queue) {
        return "amqp:" + queue;
    }

    /** Closes the connection without a closing handshake, whatever its state. */
    static void abort(Connection connection) {
        connection.abort(0);
    }
}
