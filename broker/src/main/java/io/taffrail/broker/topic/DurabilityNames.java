package io.taffrail.broker.topic;

import io.taffrail.log.Durability;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The two settings for a topic's durability: {@code durability}, which only this broker has, and
 * {@code flush.messages}, which Kafka's tools can set and a mirror to Kafka may copy. In Kafka
 * {@code flush.messages=1} forces each record to disk, and the largest number leaves that to the
 * operating system. These correspond to {@code fsync} and {@code os}. A number in between asks for
 * less than {@code fsync} and more than {@code os}; it is treated as {@code fsync}.
 *
 * <p>
 * Where a topic has both settings, as topics of older versions may, {@code durability} takes
 * precedence. A topic with {@code memory} durability is never forced, whatever its
 * {@code flush.messages}.
 */
public final class DurabilityNames {

    public static final String DURABILITY = "durability";
    public static final String FLUSH_MESSAGES = "flush.messages";

    /** Value of {@code flush.messages} that never forces; Kafka's default. */
    private static final String NEVER = Long.toString(Long.MAX_VALUE);
    private static final String EACH = "1";

    private DurabilityNames() {}

    /**
     * The durability of a topic with these overrides, which are valid.
     *
     * @param inherited
     *            durability of topics that set none
     */
    public static Durability durability(Map<String, String> overrides, Durability inherited) {
        String own = overrides.get(DURABILITY);
        if (own != null) {
            return Durability.valueOf(own.strip().toUpperCase(Locale.ROOT));
        }
        String messages = overrides.get(FLUSH_MESSAGES);
        if (messages == null || inherited == Durability.MEMORY) {
            return inherited;
        }
        return Long.parseLong(messages.strip()) == Long.MAX_VALUE
                ? Durability.OS
                : Durability.FSYNC;
    }

    /** The value of {@code flush.messages} that is shown for a topic. */
    public static String flushMessages(Map<String, String> overrides, Durability durability) {
        if (durability != Durability.FSYNC) {
            return NEVER;
        }
        String own = overrides.getOrDefault(FLUSH_MESSAGES, EACH).strip();
        return own.equals(NEVER) ? EACH : own;
    }

    /** The broker's own value of {@code flush.messages}. */
    static String flushMessages(Durability inherited) {
        return flushMessages(Map.of(), inherited);
    }

    /** The value of {@code durability}. */
    public static String text(Durability durability) {
        return durability.name().toLowerCase(Locale.ROOT);
    }

    /** Whether the topic sets its durability by either name. */
    public static boolean overridden(Map<String, String> overrides) {
        return overrides.containsKey(DURABILITY) || overrides.containsKey(FLUSH_MESSAGES);
    }

    /**
     * The overrides that remain when {@code name} is set or removed: the value under the other name
     * is dropped, because the last change counts. {@code memory} remains, because Kafka's name
     * cannot express it.
     */
    public static Map<String, String> before(Map<String, String> overrides, String name) {
        Optional<String> other = switch (name) {
            case DURABILITY -> Optional.of(FLUSH_MESSAGES);
            case FLUSH_MESSAGES -> Optional.of(DURABILITY);
            default -> Optional.empty();
        };
        if (other.isEmpty() || (name.equals(FLUSH_MESSAGES)
                && overrides.getOrDefault(DURABILITY, "").strip()
                        .equals(text(Durability.MEMORY)))) {
            return overrides;
        }
        Map<String, String> rest = new TreeMap<>(overrides);
        rest.remove(other.get());
        return rest;
    }
}
