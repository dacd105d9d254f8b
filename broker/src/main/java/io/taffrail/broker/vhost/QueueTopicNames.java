package io.taffrail.broker.vhost;

import io.taffrail.broker.topic.TopicNames;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The names of queues as topics. A queue of the virtual host {@code /} keeps its name if that is
 * valid for a topic. Every other queue is named {@code vhost.<host>.queue.<queue>}, in which each
 * byte outside {@code [A-Za-z0-9-]} is written as {@code _} and two hexadecimal digits. A name too
 * long for a topic is cut, and ends in a dot and 32 digits of the SHA-256 of the whole name. No two
 * queues have the same topic name.
 */
public final class QueueTopicNames {

    private static final String DEFAULT_HOST = "/";
    private static final String MAPPED = "vhost.";
    /** Prefix of the broker's own topics. */
    private static final String INTERNAL = "__";
    private static final int HASH_BYTES = 16;

    private QueueTopicNames() {}

    /** The topic name of a queue. */
    public static String of(String host, String queue) {
        boolean plain = host.equals(DEFAULT_HOST) && TopicNames.problem(queue).isEmpty()
                && !queue.startsWith(MAPPED) && !queue.startsWith(INTERNAL);
        if (plain) {
            return queue;
        }
        String mapped = MAPPED + escaped(host) + ".queue." + escaped(queue);
        if (mapped.length() <= TopicNames.MAX_LENGTH) {
            return mapped;
        }
        return mapped.substring(0, TopicNames.MAX_LENGTH - 1 - 2 * HASH_BYTES) + "." + hash(mapped);
    }

    private static String escaped(String name) {
        StringBuilder out = new StringBuilder(name.length());
        for (byte each : name.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z')
                    || (each >= '0' && each <= '9') || each == '-';
            if (plain) {
                out.append((char) each);
            } else {
                out.append('_').append(HexFormat.of().toHexDigits(each));
            }
        }
        return out.toString();
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
