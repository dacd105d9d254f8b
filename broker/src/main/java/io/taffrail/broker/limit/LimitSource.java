package io.taffrail.broker.limit;

import java.util.OptionalLong;

/** Tells the limits that are in force. Safe for any thread. */
@FunctionalInterface
public interface LimitSource {

    /** No limits. */
    LimitSource NONE = (_, _) -> OptionalLong.empty();

    /** The limit of an object; empty if there is none. */
    OptionalLong of(LimitKind kind, String name);

    /** The limit, if one more than {@code count} objects would be too many. */
    default OptionalLong reached(LimitKind kind, String name, long count) {
        OptionalLong limit = of(kind, name);
        return limit.isPresent() && count >= limit.getAsLong() ? limit : OptionalLong.empty();
    }
}
