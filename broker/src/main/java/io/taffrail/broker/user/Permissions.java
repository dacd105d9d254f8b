package io.taffrail.broker.user;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import io.taffrail.broker.pattern.InvalidPatternException;
import io.taffrail.broker.pattern.NamePattern;

/**
 * What a user may do in one virtual host: patterns that are found in the names of objects. An empty
 * one matches nothing but the empty name.
 */
public record Permissions(NamePattern configure, NamePattern write, NamePattern read) {

    /**
     * Permissions of these patterns.
     *
     * @throws BrokerException
     *             if one is not possible
     */
    public static Permissions of(String configure, String write, String read) {
        return new Permissions(pattern(configure), pattern(write), pattern(read));
    }

    /** As stored by some version: a pattern that can no longer be used allows nothing. */
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

    boolean allow(Permission permission, String name) {
        NamePattern pattern = switch (permission) {
            case CONFIGURE -> configure;
            case WRITE -> write;
            case READ -> read;
        };
        return pattern.text().isEmpty() ? name.isEmpty() : pattern.isFoundIn(name);
    }
}
