package io.taffrail.amqp.login;

import io.taffrail.broker.user.Access;
import java.net.InetAddress;
import java.util.Optional;

/** Decides who is who, and who may do what. Safe for any thread; does not block. */
public interface Authenticator {

    /**
     * Whether this user may connect from there.
     *
     * @param from
     *            where the socket comes from
     */
    boolean accepts(Credentials credentials, InetAddress from);

    /** What a user may do in a virtual host; empty if it may not open that. */
    Optional<Access> access(String user, String host);
}
