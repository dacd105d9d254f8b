package io.taffrail.cli.control;

import io.taffrail.broker.message.Table;
import io.taffrail.broker.message.Value;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Converts argument tables to and from JSON objects. */
final class Tables {

    private Tables() {}

    /** Converts a table to a JSON object. */
    static Map<String, Object> plain(Table table) {
        Map<String, Object> object = new LinkedHashMap<>();
        table.entries().forEach((key, value) -> object.put(key, plain(value)));
        return object;
    }

    private static Object plain(Value value) {
        return switch (value) {
            case Value.Text(String text) -> text;
            case Value.Bool(boolean it) -> it;
            case Value.TableOf(Table table) -> plain(table);
            case Value.ListOf(List<Value> list) -> list.stream().map(Tables::plain).toList();
            default -> value.number().<Object>map(it -> it).orElse(value.toString());
        };
    }

    /** Converts a JSON object to a table. */
    static Table read(Map<?, ?> object) {
        Map<String, Value> entries = new LinkedHashMap<>();
        object.forEach((key, value) -> entries.put(String.valueOf(key), value(value)));
        return Table.of(entries);
    }

    private static Value value(@Nullable Object value) {
        return switch (value) {
            case null -> new Value.None();
            case String text -> new Value.Text(text);
            case Boolean it -> new Value.Bool(it);
            case BigDecimal number -> number(number);
            case Map<?, ?> object -> new Value.TableOf(read(object));
            case List<?> list -> new Value.ListOf(list.stream().map(Tables::value)
                    .toList());
            default -> throw new IllegalArgumentException("a value of unknown kind: " + value);
        };
    }

    private static Value number(BigDecimal number) {
        try {
            return new Value.Int64(number.longValueExact());
        } catch (ArithmeticException _) {
            return new Value.Float64(number.doubleValue());
        }
    }
}
