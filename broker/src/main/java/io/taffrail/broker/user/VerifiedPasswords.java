package io.taffrail.broker.user;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A cache of the last verified password of each user, so that reconnecting clients do not cost a
 * hash each time. An entry is {@code HMAC-SHA-256(random key of this process, hash, password)}. It
 * does not match any other hash, so a changed password is unknown at once, and it does not reveal
 * the password. At most {@link #MOST} entries; the least recently used is dropped. Safe for any
 * thread.
 */
final class VerifiedPasswords {

    static final int MOST = 1024;
    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;
    private final Map<String, byte[]> proofs = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
            return size() > MOST;
        }
    };

    VerifiedPasswords() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        this.key = new SecretKeySpec(bytes, ALGORITHM);
    }

    /** Whether the password was verified for this hash before. */
    boolean knows(String user, PasswordHash hash, String password) {
        byte[] known;
        synchronized (proofs) {
            known = proofs.get(user);
        }
        return known != null && MessageDigest.isEqual(known, proof(hash, password));
    }

    /** Adds a verified password. */
    void add(String user, PasswordHash hash, String password) {
        byte[] proof = proof(hash, password);
        synchronized (proofs) {
            proofs.put(user, proof);
        }
    }

    void forget(String user) {
        synchronized (proofs) {
            proofs.remove(user);
        }
    }

    private byte[] proof(PasswordHash hash, String password) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] encoded = hash.encoded();
            mac.update((byte) encoded.length);
            mac.update(encoded);
            return mac.doFinal(password.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
        }
    }
}
