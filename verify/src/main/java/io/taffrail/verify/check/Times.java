package io.taffrail.verify.check;

import java.util.Locale;

/** Times for people. */
final class Times {

    private Times() {}

    /** For example {@code " at 3.125 s"}. */
    static String at(long timeNs) {
        return String.format(Locale.ROOT, " at %.3f s", timeNs / 1e9);
    }
}
