package io.taffrail.broker.job;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Ids of jobs: UUIDs in their usual form of 36 characters. Pure functions. */
public final class JobIds {

    private static final Pattern FORM = Pattern
            .compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
    private static final long TIME_BITS = 16;

    private JobIds() {}

    /** The id that a text names; empty if it names none. */
    public static Optional<UUID> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
    }

    /** The hash of a key or a content, as a UUID. */
    public static UUID hash(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(ByteBuffer.allocate(4).putInt(part.length).flip());
                digest.update(part);
            }
            ByteBuffer hash = ByteBuffer.wrap(digest.digest());
            return new UUID(hash.getLong(), hash.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** A new id (RFC 9562, version 7), which begins with the time. */
    static UUID next(long nowMs, String random) {
        UUID chance = hash(random.getBytes(StandardCharsets.UTF_8));
        long high = (nowMs << TIME_BITS) | 0x7000 | (chance.getMostSignificantBits() & 0xFFF);
        long low = (chance.getLeastSignificantBits() & 0x3FFF_FFFF_FFFF_FFFFL)
                | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
