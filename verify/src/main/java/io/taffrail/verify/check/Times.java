package io.taffrail.verify.check;

import java.util.Locale;

/** Formats times for reports. */
final class Times {

    private Times() {}

    /** Returns a time such as {@code " at 3.125 s"}. */
    static String at(long timeNs) {
        return String.format(Locale.ROOT, " at %.3f s", timeNs / 1e9);
    }
}
