package io.taffrail.cli.config;

import io.taffrail.log.config.ByteSize;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Type of a configuration value, with the parser for its text.
 *
 * @param name
 *            name of the type in the reference
 * @param expected
 *            description of valid text, for error messages
 * @param mayBeEmpty
 *            true if empty text is valid
 * @param parser
 *            converts text to the value
 */
public record ValueForm(String name, String expected, boolean mayBeEmpty, Parser parser) {

    /** Parses a value; throws {@link IllegalArgumentException} for invalid text. */
    @FunctionalInterface
    public interface Parser {
        Object parse(String text);
    }

    /** Form of a record component with this type; {@code key} is for error messages and units. */
    static ValueForm of(String key, Type type) {
        if (type instanceof ParameterizedType generic) {
            ValueForm of = of(key, generic.getActualTypeArguments()[0]);
            if (generic.getRawType() == Optional.class) {
                return optional(of, text -> Optional.of(of.parser.parse(text)), Optional.empty());
            }
            if (generic.getRawType() == List.class) {
                return list(of);
            }
        }
        if (type instanceof Class<?> plain) {
            return of(key, plain);
        }
        throw new IllegalStateException(key + " has a type that cannot be configured: " + type);
    }

    private static ValueForm of(String key, Class<?> type) {
        if (type == int.class || type == Integer.class) {
            return form("integer", "a whole number, for example 8", Integer::valueOf);
        }
        if (type == long.class || type == Long.class) {
            return form("long", "a whole number, for example 1000", Long::valueOf);
        }
        if (type == double.class || type == Double.class) {
            return form("number", "a number, for example 0.5", ValueForm::finite);
        }
        if (type == boolean.class || type == Boolean.class) {
            return form("boolean", "true or false", ValueForm::truth);
        }
        if (type == String.class) {
            return form("text", "text", text -> text);
        }
        if (type == Path.class) {
            return form("path", "a path", ValueForm::path);
        }
        if (type == Duration.class) {
            return form("duration", "a time with its unit, for example 100 ms, 5 s, 7 days",
                    text -> DurationText.parse(key, text));
        }
        if (type == ByteSize.class) {
            return form("size", "a size, for example 1048576, 64 MiB, 1 GiB", ByteSize::parse);
        }
        return other(key, type);
    }

    /** Refuses an empty path, which would be the current directory. */
    private static Path path(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("empty");
        }
        return Path.of(text);
    }

    private static ValueForm other(String key, Class<?> type) {
        if (type == OptionalLong.class) {
            return optional(of(key, long.class), text -> OptionalLong.of(Long.parseLong(text)),
                    OptionalLong.empty());
        }
        if (type == OptionalInt.class) {
            return optional(of(key, int.class), text -> OptionalInt.of(Integer.parseInt(text)),
                    OptionalInt.empty());
        }
        if (type.isEnum()) {
            return oneOf(type);
        }
        return parsed(key, type);
    }

    /** Any other type must have a parser: {@code public static T parse(String)}. */
    private static ValueForm parsed(String key, Class<?> type) {
        Method parse;
        try {
            parse = type.getMethod("parse", String.class);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(key + ": " + type + " has no parse(String)", e);
        }
        if (!Modifier.isStatic(parse.getModifiers())) {
            throw new IllegalStateException(key + ": " + parse + " is not static");
        }
        boolean address = type.getSimpleName().equals("HostPort");
        return form(address ? "host:port" : type.getSimpleName().toLowerCase(Locale.ROOT),
                address ? "HOST:PORT, for example 127.0.0.1:9092" : "a " + type.getSimpleName(),
                text -> invoke(parse, text));
    }

    private static Object invoke(Method parse, String text) {
        try {
            return parse.invoke(null, text);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw new IllegalStateException(parse + " failed", e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(parse + " is not public", e);
        }
    }

    private static ValueForm oneOf(Class<?> type) {
        List<Object> values = Arrays.asList(type.getEnumConstants());
        String names = values.stream().map(ValueForm::nameOf).collect(Collectors.joining(" | "));
        return form(names, "one of " + names.replace(" | ", ", "), text -> values.stream()
                .filter(value -> nameOf(value).equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("not one of them")));
    }

    private static String nameOf(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static ValueForm form(String name, String expected, Parser parser) {
        return new ValueForm(name, expected, false, text -> parser.parse(text.strip()));
    }

    private static ValueForm optional(ValueForm of, Parser parser, Object empty) {
        return new ValueForm(of.name + ", optional", of.expected + ", or nothing", true,
                text -> text.isBlank() ? empty : parser.parse(text.strip()));
    }

    private static ValueForm list(ValueForm of) {
        return new ValueForm("list of " + of.name, of.expected + "; several separated by commas",
                true, text -> {
                    List<Object> values = new ArrayList<>();
                    for (String part : text.split(",", -1)) {
                        if (!part.isBlank()) {
                            values.add(of.parser.parse(part.strip()));
                        }
                    }
                    return List.copyOf(values);
                });
    }

    private static Double finite(String text) {
        double value = Double.parseDouble(text);
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("not finite");
        }
        return value;
    }

    private static Boolean truth(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("neither true nor false");
        };
    }
}
