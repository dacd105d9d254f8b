package io.taffrail.broker.login;

import io.taffrail.broker.user.Access;
import io.taffrail.broker.user.UserListener;
import io.taffrail.broker.user.Users;
import io.taffrail.log.spi.Registration;
import java.net.InetAddress;
import java.util.Optional;
import java.util.Set;

/**
 * Stored users and users of the configuration. A user of the configuration has all permissions;
 * a stored user of the same name replaces it.
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
    public boolean mayConnect(String user, InetAddress from) {
        return ConfiguredUsers.mayComeFrom(user, from);
    }

    /** The password's hash; a user of the configuration keeps its password. */
    @Override
    public Object passwordStamp(String user) {
        return stored.passwordHash(user).<Object>map(it -> it)
                .orElse(configured.tags(user).isEmpty() ? "unknown" : "configured");
    }

    @Override
    public Optional<Access> access(String user, String host) {
        return stored.has(user)
                ? stored.access(user, host)
                : configured.access(user, host);
    }

    @Override
    public Set<String> tags(String user) {
        return stored.has(user) ? stored.tags(user) : configured.tags(user);
    }

    @Override
    public Registration onChange(UserListener listener) {
        return stored.onChange(listener);
    }
}
