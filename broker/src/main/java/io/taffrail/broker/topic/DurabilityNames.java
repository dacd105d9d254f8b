package io.taffrail.broker.topic;

import io.taffrail.log.Durability;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The two names a topic's durability is set by: {@code durability}, which only this broker knows,
 * and {@code flush.messages}, which Kafka's tools can set and a mirror to Kafka may copy. In Kafka
 * {@code flush.messages=1} forces each record to disk and the largest number leaves that to the
 * operating system: the promises of {@code fsync} and {@code os}. Any number between asks for less
 * than {@code fsync} gives and more than {@code os} does, and is served by {@code fsync}.
 *
 * <p>
 * Where a topic has both, as one made before they were one setting may have, {@code durability}
 * counts. A topic kept in memory is never forced, whatever its {@code flush.messages}.
 */
public final class DurabilityNames {

    public static final String DURABILITY = "durability";
    public static final String FLUSH_MESSAGES = "flush.messages";

    /** Value of {@code flush.messages} that never forces; Kafka's default. */
    private static final String NEVER = Long.toString(Long.MAX_VALUE);
    private static final String EACH = "1";

    private DurabilityNames() {}

    /**
     * What a topic with these overrides, all possible, promises.
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

    /** The value of {@code flush.messages} that tells what the topic promises. */
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

    /** Whether the topic itself sets its durability, by either name. */
    public static boolean overridden(Map<String, String> overrides) {
        return overrides.containsKey(DURABILITY) || overrides.containsKey(FLUSH_MESSAGES);
    }

    /**
     * What remains of a topic's own settings before {@code name} is set or removed: not the value
     * by the other name, as the last change counts. Memory remains: Kafka's name cannot mean it.
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
