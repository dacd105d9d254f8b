package io.taffrail.http.job;

import io.taffrail.http.route.HttpCall;
import io.taffrail.net.json.Json;
import io.taffrail.net.json.JsonException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of a JSON object that a client sent: only known ones, each of its type. */
record JobFields(Map<?, ?> object) {

    /**
     * Reads a body; an empty one has no fields.
     *
     * @throws io.taffrail.http.route.HttpProblem
     *             if it is not an object, or has other fields
     */
    static JobFields of(HttpCall call, Set<String> known) {
        if (call.body().length == 0) {
            return new JobFields(Map.of());
        }
        Map<?, ?> object = object(call.body());
        for (Object name : object.keySet()) {
            if (!known.contains(String.valueOf(name))) {
                throw Problem.invalid("there is no field '" + name + "' here; there are "
                        + String.join(", ", known.stream().sorted().toList()));
            }
        }
        return new JobFields(object);
    }

    /** Reads a JSON object. */
    static Map<?, ?> object(byte[] body) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body))
                    .toString();
            if (Json.read(text) instanceof Map<?, ?> object) {
                return object;
            }
            throw Problem.invalid("the body is not a JSON object");
        } catch (JsonException e) {
            throw Problem.invalid("the body is not JSON: " + e.getMessage());
        } catch (CharacterCodingException _) {
            throw Problem.invalid("the body is not UTF-8");
        }
    }

    @Nullable
    Object value(String name) {
        return object.get(name);
    }

    Optional<String> text(String name) {
        return switch (object.get(name)) {
            case null -> Optional.empty();
            case String text -> Optional.of(text);
            case Object other -> throw wrong(name, "a text", other);
        };
    }

    Optional<Integer> number(String name, int least, int most) {
        return switch (object.get(name)) {
            case null -> Optional.empty();
            case BigDecimal number when number.stripTrailingZeros().scale() <= 0
                    && number.compareTo(BigDecimal.valueOf(least)) >= 0
                    && number.compareTo(BigDecimal.valueOf(most)) <= 0 ->
                Optional.of(number.intValueExact());
            case Object other ->
                throw wrong(name, "a whole number from " + least + " to " + most, other);
        };
    }

    Optional<Boolean> flag(String name) {
        return switch (object.get(name)) {
            case null -> Optional.empty();
            case Boolean flag -> Optional.of(flag);
            case Object other -> throw wrong(name, "true or false", other);
        };
    }

    private static RuntimeException wrong(String name, String form, Object value) {
        return Problem.invalid("'" + name + "' is " + form + ", not " + Json.write(value));
    }
}
