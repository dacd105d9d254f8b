package io.taffrail.broker.deduplication;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The de-duplication settings of an exchange, parsed from its arguments.
 *
 * @param size
 *            most marks; a further one replaces the oldest
 * @param ttlMs
 *            time to live of a mark in milliseconds, if its message sets none
 * @param kept
 *            whether marks survive a restart
 */
public record CacheSettings(int size, OptionalLong ttlMs, boolean kept) {

    /** Argument and header: the time to live of a mark, in milliseconds. */
    public static final String TTL = "x-cache-ttl";
    private static final String SIZE = "x-cache-size";
    private static final String PERSISTENCE = "x-cache-persistence";

    /**
     * Reads the arguments of an exchange.
     *
     * @throws BrokerException
     *             if an argument is invalid
     */
    public static CacheSettings read(FieldTable arguments) {
        OptionalLong size = number(arguments.get(SIZE));
        if (size.isEmpty()) {
            throw refused("Missing or invalid argument, '" + SIZE
                    + "' must be an integer greater than 0");
        }
        Optional<FieldValue> ttl = arguments.get(TTL);
        OptionalLong ttlMs = number(ttl);
        if (ttl.isPresent() && ttlMs.isEmpty()) {
            throw refused("Invalid argument, '" + TTL + "' must be an integer greater than 0");
        }
        return new CacheSettings((int) Math.min(size.getAsLong(), Integer.MAX_VALUE), ttlMs,
                !isInMemory(arguments.get(PERSISTENCE)));
    }

    private static boolean isInMemory(Optional<FieldValue> persistence) {
        return persistence.map(value -> value instanceof FieldValue.Text(String text) ? text : "")
                .map(text -> switch (text) {
                    case "disk" -> false;
                    case "memory" -> true;
                    default -> throw refused("Invalid argument, '" + PERSISTENCE
                            + "' must be either 'disk' or 'memory'");
                }).orElse(false);
    }

    /** A whole number above 0, which may be given as text. */
    private static OptionalLong number(Optional<FieldValue> value) {
        Optional<Long> number = value.flatMap(it -> it instanceof FieldValue.Text(String text)
                ? parsed(text)
                : it.number());
        return number.isPresent() && number.get() > 0
                ? OptionalLong.of(number.get())
                : OptionalLong.empty();
    }

    private static Optional<Long> parsed(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static BrokerException refused(String text) {
        return new BrokerException(BrokerError.PRECONDITION_FAILED, text);
    }
}
