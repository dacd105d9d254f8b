package io.taffrail.http.route;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.PlainTables;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Fields of a JSON object that a client sent. Those of a wrong type throw {@link HttpProblem}. */
public record HttpFields(Map<?, ?> object) {

    /** Fails with RabbitMQ's text if one of these is missing. */
    public void require(String... names) {
        List<String> missing = Stream.of(names).filter(name -> !object.containsKey(name)).toList();
        if (!missing.isEmpty()) {
            throw HttpProblem.badRequest(missing.stream().map(it -> "{key_missing," + it + "}")
                    .collect(java.util.stream.Collectors.joining(",", "[", "]")));
        }
    }

    public boolean has(String name) {
        return object.get(name) != null;
    }

    public @Nullable Object value(String name) {
        return object.get(name);
    }

    /** A text; numbers are taken as their digits. */
    public String text(String name, String otherwise) {
        return switch (object.get(name)) {
            case null -> otherwise;
            case String text -> text;
            case BigDecimal number -> number.toPlainString();
            case Object other -> throw wrong("not_string", other);
        };
    }

    /** A truth value; texts are taken as RabbitMQ takes them. */
    public boolean flag(String name, boolean otherwise) {
        return switch (object.get(name)) {
            case null -> otherwise;
            case Boolean it -> it;
            case String text when text.equals("true") -> true;
            case String text when text.equals("false") -> false;
            case Object other -> throw wrong("not_boolean", other);
        };
    }

    /** A whole number, also as text. */
    public long number(String name, long otherwise) {
        try {
            return switch (object.get(name)) {
                case null -> otherwise;
                case BigDecimal number -> number.longValueExact();
                case String text -> Long.parseLong(text);
                case Object other -> throw wrong("not_integer", other);
            };
        } catch (ArithmeticException | NumberFormatException _) {
            throw HttpProblem.badRequest(List.of("not_integer",
                    String.valueOf(object.get(name))));
        }
    }

    /** An object; absent is empty. */
    public Map<?, ?> map(String name) {
        return switch (object.get(name)) {
            case null -> Map.of();
            case Map<?, ?> map -> map;
            case List<?> list when list.isEmpty() -> Map.of();
            case Object other -> throw wrong("not_object", other);
        };
    }

    /** An object as a table of arguments; absent is empty. */
    public FieldTable table(String name) {
        try {
            return PlainTables.read(map(name));
        } catch (IllegalArgumentException e) {
            throw HttpProblem.badRequest("invalid " + name + ": " + e.getMessage());
        }
    }

    /** A list; absent is empty. */
    public List<?> list(String name) {
        return switch (object.get(name)) {
            case null -> List.of();
            case List<?> list -> list;
            case Object other -> throw wrong("not_list", other);
        };
    }

    private static HttpProblem wrong(String kind, Object value) {
        return HttpProblem.badRequest(List.of(kind, value.toString()));
    }
}
