package io.taffrail.broker.message;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Converts argument tables to and from JSON objects. */
public final class PlainTables {

    private PlainTables() {}

    /** Converts a table to a JSON object. */
    public static Map<String, Object> plain(FieldTable table) {
        Map<String, Object> object = new LinkedHashMap<>();
        table.entries().forEach((key, value) -> object.put(key, plain(value)));
        return object;
    }

    private static Object plain(FieldValue value) {
        return switch (value) {
            case FieldValue.Text(String text) -> text;
            case FieldValue.Bool(boolean it) -> it;
            case FieldValue.Timestamp(long seconds) -> seconds;
            case FieldValue.Bytes(byte[] bytes) -> ByteText.of(bytes);
            case FieldValue.TableOf(FieldTable table) -> plain(table);
            case FieldValue.ListOf(List<FieldValue> list) ->
                list.stream().map(PlainTables::plain).toList();
            default -> value.number().<Object>map(it -> it).orElse(value.toString());
        };
    }

    /** Converts a JSON object to a table. */
    public static FieldTable read(Map<?, ?> object) {
        Map<String, FieldValue> entries = new LinkedHashMap<>();
        object.forEach((key, value) -> entries.put(String.valueOf(key), value(value)));
        return FieldTable.of(entries);
    }

    private static FieldValue value(@Nullable Object value) {
        return switch (value) {
            case null -> new FieldValue.None();
            case String text -> new FieldValue.Text(text);
            case Boolean it -> new FieldValue.Bool(it);
            case BigDecimal number -> number(number);
            case Map<?, ?> object -> new FieldValue.TableOf(read(object));
            case List<?> list -> new FieldValue.ListOf(list.stream().map(PlainTables::value)
                    .toList());
            default -> throw new IllegalArgumentException("a value of unknown kind: " + value);
        };
    }

    private static FieldValue number(BigDecimal number) {
        try {
            return new FieldValue.Int64(number.longValueExact());
        } catch (ArithmeticException _) {
            return new FieldValue.Float64(number.doubleValue());
        }
    }
}
