package io.taffrail.log.local.inspect;

import java.nio.file.Path;

/**
 * A finding of a check.
 *
 * @param position
 *            position in the file, in bytes; -1 if the finding concerns the whole file
 */
public record Finding(Severity severity, Path file, long position, String text) {

    /** Severity of a finding. */
    public enum Severity {
        /** Records are lost, or the directory will be refused. */
        DAMAGE,
        /** Wrong, but can be rebuilt from other files. */
        REPAIRABLE,
        /** Worth knowing; not an error. */
        NOTE
    }

    static Finding damage(Path file, long position, String text) {
        return new Finding(Severity.DAMAGE, file, position, text);
    }

    static Finding repairable(Path file, long position, String text) {
        return new Finding(Severity.REPAIRABLE, file, position, text);
    }

    static Finding note(Path file, long position, String text) {
        return new Finding(Severity.NOTE, file, position, text);
    }

    @Override
    public String toString() {
        return position < 0 ? file + ": " + text : file + " at " + position + ": " + text;
    }
}
