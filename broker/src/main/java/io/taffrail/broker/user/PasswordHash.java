package io.taffrail.broker.user;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * A password hash. There are two kinds, which differ in their form:
 *
 * <pre>
 * SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey   text, as PostgreSQL writes it (RFC 5803)
 * salt (4 bytes) | SHA-256(salt | password)           36 bytes, base64 in text: RabbitMQ's
 * </pre>
 *
 * New hashes are of the first kind, whose {@link ScramHash#ITERATIONS iterations} make guessing
 * expensive. Those of the second kind come from definitions exported by RabbitMQ. Immutable.
 */
public abstract sealed class PasswordHash permits ScramHash, RabbitHash {

    /** Generates salts only, which are not secret. */
    private static final SecureRandom RANDOM = new SecureRandom();

    PasswordHash() {}

    /**
     * Hashes a password. Takes tens of milliseconds of CPU time, so it must not run on an event
     * loop.
     */
    public static PasswordHash of(String password) {
        byte[] salt = new byte[ScramHash.SALT_BYTES];
        RANDOM.nextBytes(salt);
        return ScramHash.of(password, salt, ScramHash.ITERATIONS);
    }

    /**
     * Parses either kind of text.
     *
     * @throws IllegalArgumentException
     *             if it is neither; the message does not repeat the text
     */
    public static PasswordHash parse(String text) {
        String stripped = text.strip();
        if (ScramHash.begins(stripped)) {
            return ScramHash.read(stripped);
        }
        try {
            return new RabbitHash(Base64.getDecoder().decode(stripped));
        } catch (IllegalArgumentException _) {
            // No cause is attached, because it would repeat a part of the text.
            throw new IllegalArgumentException("a password hash is "
                    + "SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey, or RabbitMQ's"
                    + " rabbit_password_hashing_sha256 in base64");
        }
    }

    /** Whether a text is a hash of the first kind rather than a password. */
    public static boolean isScram(String text) {
        return ScramHash.begins(text);
    }

    /** Decodes the result of {@link #encoded}. */
    static PasswordHash stored(byte[] encoded) {
        return encoded.length == RabbitHash.BYTES
                ? new RabbitHash(encoded)
                : ScramHash.read(new String(encoded, StandardCharsets.US_ASCII));
    }

    /** The text form, as {@link #parse} reads it. */
    public abstract String text();

    /** The stored form: at most 255 bytes. */
    abstract byte[] encoded();

    /**
     * Whether the password is correct, compared in constant time. An empty password never is. May
     * take tens of milliseconds of CPU time (see {@link #isCheap}), so it must not run on an event
     * loop.
     */
    public abstract boolean matches(String password);

    /** Whether {@link #matches} takes microseconds. */
    public abstract boolean isCheap();

    /** A constant without the hash, because it may appear in logs. */
    @Override
    public final String toString() {
        return getClass().getSimpleName();
    }
}
