package io.taffrail.amqp.login;

import io.taffrail.broker.user.Access;
import io.taffrail.broker.user.UserListener;
import io.taffrail.log.spi.Registration;
import java.net.InetAddress;
import java.util.Optional;

/** Decides who is who, and who may do what. Safe for any thread. */
public interface Authenticator {

    /**
     * Whether this user may connect from there. Hashing the password may take long; not for an
     * event loop.
     *
     * @param from
     *            where the socket comes from
     */
    boolean accepts(Credentials credentials, InetAddress from);

    /**
     * Whether there is such a user, who may connect from there without proof of who it is.
     *
     * @param from
     *            where the socket comes from
     */
    default boolean acceptsAnonymously(String user, InetAddress from) {
        return false;
    }

    /** What a user may do in a virtual host; empty if it may not open that. */
    Optional<Access> access(String user, String host);

    /** Has this told when a user is deleted or may do other things than before. */
    default Registration onChange(UserListener listener) {
        return () -> {};
    }
}
