package io.taffrail.broker.user;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * A password nobody can read: {@code salt (4 bytes) | SHA-256(salt | password)}, as RabbitMQ keeps
 * and exports them.
 */
final class PasswordHash {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SALT_BYTES = 4;

    private PasswordHash() {}

    static byte[] of(String password) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return salted(salt, password);
    }

    private static byte[] salted(byte[] salt, String password) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            byte[] hash = digest.digest(password.getBytes(StandardCharsets.UTF_8));
            byte[] salted = Arrays.copyOf(salt, SALT_BYTES + hash.length);
            System.arraycopy(hash, 0, salted, SALT_BYTES, hash.length);
            return salted;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** In a time that does not tell how much of it was right. */
    static boolean matches(byte[] hash, String password) {
        return hash.length > SALT_BYTES && MessageDigest.isEqual(hash,
                salted(Arrays.copyOf(hash, SALT_BYTES), password));
    }
}
