package io.taffrail.cli.logging;

import io.taffrail.log.text.Printable;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Formats a stack trace so that every line begins with a tab. {@link Throwable#printStackTrace}
 * writes messages unescaped, so text from a client could forge a log line.
 */
final class StackTraces {

    private StackTraces() {}

    static void add(Throwable failure, StringBuilder out) {
        add("", failure, out, Collections.newSetFromMap(new IdentityHashMap<>()));
    }

    private static void add(String role, Throwable failure, StringBuilder out,
            Set<Throwable> shown) {
        out.append('\t').append(role).append(Printable.of(failure));
        if (!shown.add(failure)) {
            out.append(" (see above)").append(System.lineSeparator());
            return;
        }
        out.append(System.lineSeparator());
        for (StackTraceElement frame : failure.getStackTrace()) {
            out.append("\tat ").append(frame).append(System.lineSeparator());
        }
        for (Throwable suppressed : failure.getSuppressed()) {
            add("suppressed: ", suppressed, out, shown);
        }
        Throwable cause = failure.getCause();
        if (cause != null) {
            add("caused by: ", cause, out, shown);
        }
    }
}
