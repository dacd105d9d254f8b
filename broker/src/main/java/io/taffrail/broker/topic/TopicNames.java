package io.taffrail.broker.topic;

import io.taffrail.log.LogId;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules for names of topics and of their logs. Pure functions. */
public final class TopicNames {

    /** Longest name in characters, as in Kafka. */
    public static final int MAX_LENGTH = 249;

    private static final int SHOWN_IN_LOG_ID = 100;

    private static final Pattern LOG_ID = Pattern
            .compile("[a-zA-Z0-9._-]*@([a-zA-Z0-9_-]{22})-([0-9]{1,9})");

    private TopicNames() {}

    /**
     * The reason why {@code name} is invalid for a topic, in Kafka's words; empty if it is valid.
     */
    public static Optional<String> problem(String name) {
        if (name.isEmpty()) {
            return Optional.of("Topic name is invalid: the empty string is not allowed");
        }
        if (name.equals(".") || name.equals("..")) {
            return Optional.of("Topic name is invalid: '" + name + "' is not allowed");
        }
        if (name.length() > MAX_LENGTH) {
            return Optional.of("Topic name is invalid: the length of '" + name
                    + "' is longer than the max allowed length " + MAX_LENGTH);
        }
        if (!isLegal(name)) {
            return Optional.of("Topic name is invalid: '" + name
                    + "' contains one or more characters other than ASCII alphanumerics, '.', '_'"
                    + " and '-'");
        }
        return Optional.empty();
    }

    /** Whether each character may be in a name; a loop, as one request may name 240,000 topics. */
    private static boolean isLegal(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean legal = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
            if (!legal) {
                return false;
            }
        }
        return true;
    }

    /** A key that is equal for two names that Kafka regards as colliding. */
    static String collisionKey(String name) {
        return name.replace('.', '_');
    }

    /** The id of a partition's log: {@code <name, cut>@<id>-<partition>}. */
    static LogId logId(String name, UUID id, int partition) {
        String shown = name.length() > SHOWN_IN_LOG_ID ? name.substring(0, SHOWN_IN_LOG_ID) : name;
        String safe = shown.replaceAll("[^a-zA-Z0-9._-]", "_");
        if (safe.startsWith(".")) {
            safe = "_" + safe.substring(1);
        }
        return new LogId(safe + "@" + base64(id) + "-" + partition);
    }

    /** A partition, by its topic's id. */
    public record PartitionId(UUID topic, int index) {}

    /** The partition with this log id; empty if the id was not made by {@link #logId}. */
    public static Optional<PartitionId> partition(LogId log) {
        Matcher parts = LOG_ID.matcher(log.value());
        if (!parts.matches()) {
            return Optional.empty();
        }
        ByteBuffer id = ByteBuffer.wrap(Base64.getUrlDecoder().decode(parts.group(1)));
        return Optional.of(new PartitionId(new UUID(id.getLong(), id.getLong()),
                Integer.parseInt(parts.group(2))));
    }

    /** The id as 22 characters of base64url. */
    public static String base64(UUID id) {
        byte[] bytes = ByteBuffer.allocate(16).putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits()).array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
