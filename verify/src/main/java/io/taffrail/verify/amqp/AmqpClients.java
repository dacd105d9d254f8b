package io.taffrail.verify.amqp;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.taffrail.verify.load.WorkloadException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeoutException;

/** Connections to one address, as user {@code guest} unless it is a URI that says otherwise. */
final class AmqpClients {

    private static final int ANSWER_MS = 5000;
    private static final int HEARTBEAT_SECONDS = 10;

    private final String address;
    private final ConnectionFactory factory = new ConnectionFactory();

    /**
     * @param address
     *            {@code HOST:PORT} or {@code amqp://USER:PASSWORD@HOST:PORT/VHOST}
     */
    AmqpClients(String address) {
        this.address = address;
        try {
            factory.setUri(address.contains("://") ? address : "amqp://" + address);
        } catch (URISyntaxException | GeneralSecurityException e) {
            throw new WorkloadException(address + " is no AMQP address", e);
        }
        // What a client does after an outage is recorded, so it must not happen behind our back.
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

    /** Closes without any handshake, whatever state it is in. */
    static void abort(Connection connection) {
        connection.abort(0);
    }
}
