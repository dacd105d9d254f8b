package io.taffrail.amqp.net;

import io.taffrail.broker.limit.LimitKind;
import io.taffrail.broker.limit.OpenObjects;
import java.util.Optional;
import java.util.OptionalLong;

/** Counts open connections of virtual hosts and users towards their limits. Any thread. */
final class ConnectionCounts {

    private ConnectionCounts() {}

    /** Counts a connection; the text of the refusal if a limit is reached. */
    static Optional<String> take(OpenObjects open, String user, String host) {
        OptionalLong ofHost = open.take(LimitKind.HOST_CONNECTIONS, host);
        if (ofHost.isPresent()) {
            return Optional.of("access to vhost '" + host + "' refused for user '" + user
                    + "': connection limit (" + ofHost.getAsLong() + ") is reached");
        }
        OptionalLong ofUser = open.take(LimitKind.USER_CONNECTIONS, user);
        if (ofUser.isPresent()) {
            open.release(LimitKind.HOST_CONNECTIONS, host, 1);
            return Optional.of("Connection refused for user '" + user
                    + "': user connection limit (" + ofUser.getAsLong() + ") is reached");
        }
        return Optional.empty();
    }

    /** A connection that was counted has ended. */
    static void release(OpenObjects open, String user, String host) {
        open.release(LimitKind.HOST_CONNECTIONS, host, 1);
        open.release(LimitKind.USER_CONNECTIONS, user, 1);
    }
}
