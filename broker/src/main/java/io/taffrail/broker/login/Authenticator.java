package io.taffrail.broker.login;

import io.taffrail.broker.user.Access;
import io.taffrail.broker.user.UserListener;
import io.taffrail.log.spi.Registration;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;

/** Authenticates users and returns their permissions. Safe for any thread. */
public interface Authenticator {

    /**
     * Checks a password and the client's address. Hashing may take long:
     * not to be called on an event loop.
     *
     * @param from
     *            address of the client's socket
     * @return true if the password is correct and the user may connect from that address
     */
    boolean accepts(Credentials credentials, InetAddress from);

    /**
     * Checks that the user exists and may connect from the address without a password.
     *
     * @param from
     *            address of the client's socket
     */
    default boolean acceptsAnonymously(String user, InetAddress from) {
        return false;
    }

    /** Whether a user may connect from this address, whatever the password. */
    default boolean mayConnect(String user, InetAddress from) {
        return true;
    }

    /**
     * A value that stays the same as long as the user exists and the password is the same; compared
     * with {@code equals}.
     */
    default Object passwordStamp(String user) {
        return user;
    }

    /** Permissions of a user in a virtual host; empty if the user has no access to it. */
    Optional<Access> access(String user, String host);

    /** The tags of a user, such as {@code administrator}; empty for an unknown user. */
    default Set<String> tags(String user) {
        return Set.of();
    }

    /** Registers a listener for deleted users and changed permissions. */
    default Registration onChange(UserListener listener) {
        return () -> {};
    }
}
