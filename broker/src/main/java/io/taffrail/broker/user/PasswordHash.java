package io.taffrail.broker.user;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * A password that nobody can read. Two kinds, told apart by their form:
 *
 * <pre>
 * SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey   text, as PostgreSQL writes it (RFC 5803)
 * salt (4 bytes) | SHA-256(salt | password)           36 bytes, base64 in text: RabbitMQ's
 * </pre>
 *
 * New ones are of the first kind, whose {@link ScramHash#ITERATIONS iterations} make guessing
 * dear; RabbitMQ's come from its exported definitions. Immutable.
 */
public abstract sealed class PasswordHash permits ScramHash, RabbitHash {

    /** Salts only; nothing secret is drawn from it. */
    private static final SecureRandom RANDOM = new SecureRandom();

    PasswordHash() {}

    /** Hashes a password; takes a processor for tens of milliseconds. Not on an event loop. */
    public static PasswordHash of(String password) {
        byte[] salt = new byte[ScramHash.SALT_BYTES];
        RANDOM.nextBytes(salt);
        return ScramHash.of(password, salt, ScramHash.ITERATIONS);
    }

    /**
     * Reads either kind as text.
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
            // The cause would repeat a part of it.
            throw new IllegalArgumentException("a password hash is "
                    + "SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey, or RabbitMQ's"
                    + " rabbit_password_hashing_sha256 in base64");
        }
    }

    /** Whether a text is a hash of the first kind, and no password. */
    public static boolean isScram(String text) {
        return ScramHash.begins(text);
    }

    /** Reads what {@link #encoded} returned. */
    static PasswordHash stored(byte[] encoded) {
        return encoded.length == RabbitHash.BYTES
                ? new RabbitHash(encoded)
                : ScramHash.read(new String(encoded, StandardCharsets.US_ASCII));
    }

    /** As {@link #parse} reads it. */
    public abstract String text();

    /** As stored: at most 255 bytes. */
    abstract byte[] encoded();

    /**
     * Whether this is the password, in a time that does not tell how much of it was right. An empty
     * one never is. May take a processor for tens of milliseconds ({@link #isCheap} says): not on
     * an event loop.
     */
    public abstract boolean matches(String password);

    /** Whether {@link #matches} takes microseconds. */
    public abstract boolean isCheap();

    /** Nothing of the hash: it ends in logs. */
    @Override
    public final String toString() {
        return getClass().getSimpleName();
    }
}
