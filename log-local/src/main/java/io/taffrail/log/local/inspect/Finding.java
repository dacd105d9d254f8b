package io.taffrail.log.local.inspect;

import java.nio.file.Path;

/**
 * Something that a check found.
 *
 * @param position
 *            in the file, in bytes; -1 where it is about the file as a whole
 */
public record Finding(Severity severity, Path file, long position, String text) {

    /** How bad it is. */
    public enum Severity {
        /** Records are lost, or the directory will be refused. */
        DAMAGE,
        /** Wrong, but made again from something else. */
        REPAIRABLE,
        /** Worth knowing; nothing is wrong. */
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
