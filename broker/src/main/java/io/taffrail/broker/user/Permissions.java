package io.taffrail.broker.user;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.pattern.InvalidPatternException;
import io.taffrail.broker.pattern.NamePattern;

/**
 * A user's permissions in one virtual host: patterns that are searched for in names of objects. An
 * empty pattern matches only the empty name.
 */
public record Permissions(NamePattern configure, NamePattern write, NamePattern read) {

    /**
     * Compiles permissions.
     *
     * @throws BrokerException
     *             if a pattern is invalid
     */
    public static Permissions of(String configure, String write, String read) {
        return new Permissions(pattern(configure), pattern(write), pattern(read));
    }

    /** Compiles stored permissions; a pattern that is no longer valid allows nothing. */
    static Permissions stored(String user, String configure, String write, String read) {
        String place = "the permissions of user " + user;
        return new Permissions(NamePattern.stored(configure, place),
                NamePattern.stored(write, place), NamePattern.stored(read, place));
    }

    private static NamePattern pattern(String text) {
        try {
            return NamePattern.of(text);
        } catch (InvalidPatternException e) {
            throw new BrokerException(BrokerError.INVALID_DEFINITION, "invalid regexp '" + text
                    + "': " + e.getMessage());
        }
    }

    /** The estimated size in memory. */
    long sizeBytes() {
        return configure.sizeBytes() + write.sizeBytes() + read.sizeBytes();
    }

    boolean allow(Permission permission, String name) {
        NamePattern pattern = switch (permission) {
            case CONFIGURE -> configure;
            case WRITE -> write;
            case READ -> read;
        };
        return pattern.text().isEmpty() ? name.isEmpty() : pattern.isFoundIn(name);
    }
}
