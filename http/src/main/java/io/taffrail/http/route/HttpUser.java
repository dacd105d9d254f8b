package io.taffrail.http.route;

import io.taffrail.broker.login.Authenticator;
import io.taffrail.broker.user.Access;
import java.util.Optional;
import java.util.Set;

/** The logged-in user of a request; {@link #NOBODY} where no credentials are asked for. */
public record HttpUser(String name, Set<String> tags, Authenticator users) {

    /** Nobody: no tags and no access. */
    public static final HttpUser NOBODY = new HttpUser("", Set.of(), new Authenticator() {
        @Override
        public boolean accepts(io.taffrail.broker.login.Credentials credentials,
                java.net.InetAddress from) {
            return false;
        }

        @Override
        public Optional<Access> access(String user, String host) {
            return Optional.empty();
        }
    });

    /** The user's permissions in a virtual host; empty if there are none. */
    public Optional<Access> access(String host) {
        return users.access(name, host);
    }

    /** Whether the user's tags suffice. */
    public boolean has(HttpTag tag) {
        return tag.allows(tags);
    }
}
