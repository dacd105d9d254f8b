package io.taffrail.amqp.login;

import io.taffrail.broker.user.Access;
import io.taffrail.broker.user.UserListener;
import io.taffrail.broker.user.Users;
import io.taffrail.log.spi.Registration;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Users that are stored, and those of the configuration, who may do everything. A stored one hides
 * one of its name in the configuration.
 */
public record KnownUsers(Users stored, ConfiguredUsers configured) implements Authenticator {

    @Override
    public boolean accepts(Credentials credentials, InetAddress from) {
        return stored.accepts(credentials.user(), credentials.password())
                .map(right -> right && ConfiguredUsers.mayComeFrom(credentials.user(), from))
                .orElseGet(() -> configured.accepts(credentials, from));
    }

    @Override
    public boolean acceptsAnonymously(String user, InetAddress from) {
        return stored.has(user)
                ? ConfiguredUsers.mayComeFrom(user, from)
                : configured.acceptsAnonymously(user, from);
    }

    @Override
    public Optional<Access> access(String user, String host) {
        return stored.has(user)
                ? stored.access(user, host)
                : configured.access(user, host);
    }

    @Override
    public Registration onChange(UserListener listener) {
        return stored.onChange(listener);
    }
}
