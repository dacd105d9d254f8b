package io.taffrail.broker.user;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** RabbitMQ's {@code rabbit_password_hashing_sha256}: {@code salt | SHA-256(salt | password)}. */
final class RabbitHash extends PasswordHash {

    static final int BYTES = 36;
    private static final int SALT_BYTES = 4;

    private final byte[] salted;

    RabbitHash(byte[] salted) {
        if (salted.length != BYTES) {
            throw new IllegalArgumentException("RabbitMQ's hashes have " + BYTES + " bytes, not "
                    + salted.length);
        }
        this.salted = salted.clone();
    }

    @Override
    public String text() {
        return Base64.getEncoder().encodeToString(salted);
    }

    @Override
    byte[] encoded() {
        return salted.clone();
    }

    @Override
    public boolean matches(String password) {
        if (password.isEmpty()) {
            return false;
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salted, 0, SALT_BYTES);
            return MessageDigest.isEqual(
                    digest.digest(password.getBytes(StandardCharsets.UTF_8)),
                    Arrays.copyOfRange(salted, SALT_BYTES, BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public boolean isCheap() {
        return true;
    }
}
