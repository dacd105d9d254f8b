package io.taffrail.broker.user;

import io.taffrail.broker.BrokerError;
import io.taffrail.broker.BrokerException;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What a user may do in one virtual host: patterns that are found in the names of objects. An empty
 * one matches nothing but the empty name.
 */
public record Permissions(Pattern configure, Pattern write, Pattern read) {

    /**
     * Permissions of these patterns.
     *
     * @throws BrokerException
     *             if one is not possible
     */
    public static Permissions of(String configure, String write, String read) {
        return new Permissions(pattern(configure), pattern(write), pattern(read));
    }

    private static Pattern pattern(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            throw new BrokerException(BrokerError.INVALID_DEFINITION, "invalid regexp '" + text
                    + "': " + e.getDescription());
        }
    }

    boolean allow(Permission permission, String name) {
        Pattern pattern = switch (permission) {
            case CONFIGURE -> configure;
            case WRITE -> write;
            case READ -> read;
        };
        return pattern.pattern().isEmpty() ? name.isEmpty() : pattern.matcher(name).find();
    }
}
