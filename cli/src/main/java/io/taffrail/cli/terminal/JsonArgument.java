package io.taffrail.cli.terminal;

import io.taffrail.net.json.Json;
import io.taffrail.net.json.JsonException;
import java.util.Map;

/** JSON objects in arguments of commands. */
public final class JsonArgument {

    private JsonArgument() {}

    /**
     * Parses an object.
     *
     * @param name
     *            the option or parameter, for the error message
     * @throws Failure
     *             if the text is not a JSON object
     */
    public static Map<?, ?> object(String name, String text) {
        try {
            if (Json.read(text) instanceof Map<?, ?> object) {
                return object;
            }
        } catch (JsonException e) {
            throw Failure.usage(name + " is not JSON: " + e.getMessage());
        }
        throw Failure.usage(name + " must be a JSON object");
    }
}
