package io.taffrail.cli.terminal;

import org.jspecify.annotations.Nullable;

/** Numbers of things in the effects that commands print. */
public final class Counts {

    private Counts() {}

    /** {@code 1 message} or {@code 12 messages}. */
    public static String messages(@Nullable Object count) {
        return "1".equals(String.valueOf(count)) ? "1 message" : count + " messages";
    }
}
