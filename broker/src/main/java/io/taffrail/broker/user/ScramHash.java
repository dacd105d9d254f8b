package io.taffrail.broker.user;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A server's credentials for SCRAM-SHA-256 (RFC 5802 §3, RFC 7677), derived with PBKDF2 and
 * HMAC-SHA-256. They verify plain passwords, and suffice for logins by SCRAM. Text form:
 *
 * <pre>
 * SCRAM-SHA-256$iterations:base64(salt)$base64(StoredKey):base64(ServerKey)
 *
 * Salted    = PBKDF2(password, salt, iterations)
 * StoredKey = SHA-256(HMAC(Salted, "Client Key"))
 * ServerKey = HMAC(Salted, "Server Key")
 * </pre>
 */
final class ScramHash extends PasswordHash {

    /** Iterations of new hashes; each hash stores its own number, so that this one may grow. */
    static final int ITERATIONS = 100_000;
    static final int SALT_BYTES = 16;

    private static final int LEAST_ITERATIONS = 4096;
    /** Upper limit, so that a hash from elsewhere cannot occupy a CPU for long. */
    private static final int MOST_ITERATIONS = 2_000_000;
    private static final int MOST_SALT_BYTES = 64;
    private static final int KEY_BYTES = 32;
    private static final String PREFIX = "SCRAM-SHA-256$";
    private static final Pattern FORM = Pattern.compile(
            "SCRAM-SHA-256\\$(\\d{1,7}):([A-Za-z0-9+/=]{1,100})\\$([A-Za-z0-9+/=]{44}):([A-Za-z0-9+/=]{44})");

    private final int iterations;
    private final byte[] salt;
    private final byte[] storedKey;
    private final byte[] serverKey;

    private ScramHash(int iterations, byte[] salt, byte[] storedKey, byte[] serverKey) {
        if (iterations < LEAST_ITERATIONS || iterations > MOST_ITERATIONS) {
            throw new IllegalArgumentException("iterations of a password hash must be "
                    + LEAST_ITERATIONS + " to " + MOST_ITERATIONS + ": " + iterations);
        }
        this.iterations = iterations;
        this.salt = salt;
        this.storedKey = storedKey;
        this.serverKey = serverKey;
    }

    static ScramHash of(String password, byte[] salt, int iterations) {
        if (password.isEmpty()) {
            throw new IllegalArgumentException("a password must not be empty");
        }
        byte[] salted = salted(password, salt, iterations);
        return new ScramHash(iterations, salt.clone(), storedKey(salted),
                hmac(salted, "Server Key"));
    }

    static boolean begins(String text) {
        return text.startsWith(PREFIX);
    }

    static ScramHash read(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw malformed();
        }
        byte[] salt = decoded(form.group(2));
        byte[] storedKey = decoded(form.group(3));
        byte[] serverKey = decoded(form.group(4));
        if (salt.length == 0 || salt.length > MOST_SALT_BYTES || storedKey.length != KEY_BYTES
                || serverKey.length != KEY_BYTES) {
            throw malformed();
        }
        return new ScramHash(Integer.parseInt(form.group(1)), salt, storedKey, serverKey);
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            throw malformed();
        }
    }

    private static IllegalArgumentException malformed() {
        return new IllegalArgumentException(
                "not of the form SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey");
    }

    @Override
    byte[] encoded() {
        return text().getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String text() {
        Base64.Encoder base64 = Base64.getEncoder();
        return PREFIX + iterations + ":" + base64.encodeToString(salt) + "$"
                + base64.encodeToString(storedKey) + ":" + base64.encodeToString(serverKey);
    }

    @Override
    public boolean matches(String password) {
        return !password.isEmpty() && MessageDigest.isEqual(storedKey,
                storedKey(salted(password, salt, iterations)));
    }

    @Override
    public boolean isCheap() {
        return false;
    }

    private static byte[] storedKey(byte[] salted) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(hmac(salted, "Client Key"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] salted(String password, byte[] salt, int iterations) {
        PBEKeySpec spec = new PBEKeySpec(password.toCharArray(), salt, iterations,
                KEY_BYTES * Byte.SIZE);
        try {
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has PBKDF2 with HMAC-SHA-256", e);
        } finally {
            spec.clearPassword();
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
        }
    }
}
