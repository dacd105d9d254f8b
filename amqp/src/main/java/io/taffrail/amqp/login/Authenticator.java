package io.taffrail.amqp.login;

import java.net.InetAddress;

/** Decides who is who. Safe for any thread; does not block. */
public interface Authenticator {

    /**
     * Whether this user may connect from there.
     *
     * @param from
     *            where the socket comes from
     */
    boolean accepts(Credentials credentials, InetAddress from);
}
