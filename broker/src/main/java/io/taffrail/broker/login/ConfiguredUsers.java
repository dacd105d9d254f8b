package io.taffrail.broker.login;

import io.taffrail.broker.user.Access;
import io.taffrail.broker.user.PasswordHash;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Users from the configuration: {@code name:password} entries separated by commas,
 * or {@code name:SCRAM-SHA-256$…} with the hash of a password ({@link PasswordHash}).
 * As in RabbitMQ, {@code guest} may connect through the loopback interface only.
 */
public final class ConfiguredUsers implements Authenticator {

    private static final Set<String> LOOPBACK_ONLY = Set.of("guest");

    private final Map<String, String> passwords;

    private ConfiguredUsers(Map<String, String> passwords) {
        this.passwords = Map.copyOf(passwords);
    }

    /**
     * Parses the list of users.
     *
     * @throws IllegalArgumentException
     *             if an entry has no colon or no name, a hash is malformed or a name occurs twice
     */
    public static ConfiguredUsers parse(String list) {
        Map<String, String> passwords = new HashMap<>();
        for (String entry : list.split(",", -1)) {
            if (entry.isBlank()) {
                continue;
            }
            int colon = entry.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException(
                        "amqp.users: an entry must be name:password, separated by commas");
            }
            String name = entry.substring(0, colon).strip();
            String password = entry.substring(colon + 1);
            if (PasswordHash.isScram(password)) {
                checkHash(name, password);
            }
            if (passwords.put(name, password) != null) {
                throw new IllegalArgumentException("amqp.users: '" + name + "' comes twice");
            }
        }
        return new ConfiguredUsers(passwords);
    }

    private static void checkHash(String name, String text) {
        try {
            var _ = PasswordHash.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("amqp.users: the hash of '" + name + "' is "
                    + e.getMessage(), e);
        }
    }

    @Override
    public boolean accepts(Credentials credentials, InetAddress from) {
        String expected = passwords.get(credentials.user());
        return expected != null && mayComeFrom(credentials.user(), from)
                && same(expected, credentials.password());
    }

    @Override
    public boolean acceptsAnonymously(String user, InetAddress from) {
        return passwords.containsKey(user) && mayComeFrom(user, from);
    }

    static boolean mayComeFrom(String user, InetAddress from) {
        return from.isLoopbackAddress() || !LOOPBACK_ONLY.contains(user);
    }

    @Override
    public Optional<Access> access(String user, String host) {
        return passwords.containsKey(user) ? Optional.of(Access.FULL) : Optional.empty();
    }

    @Override
    public Set<String> tags(String user) {
        return passwords.containsKey(user) ? Set.of("administrator") : Set.of();
    }

    /** The names of the users, sorted. */
    public List<String> names() {
        return passwords.keySet().stream().sorted().toList();
    }

    /** Compares in constant time, so that timing does not reveal a partial match. */
    private static boolean same(String expected, String given) {
        if (PasswordHash.isScram(expected)) {
            return PasswordHash.parse(expected).matches(given);
        }
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8),
                given.getBytes(StandardCharsets.UTF_8));
    }
}
