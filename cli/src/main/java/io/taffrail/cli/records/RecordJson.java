package io.taffrail.cli.records;

import io.taffrail.kafka.client.Header;
import io.taffrail.kafka.client.NewRecord;
import io.taffrail.kafka.client.StoredRecord;
import io.taffrail.net.json.Json;
import io.taffrail.net.json.JsonBytes;
import io.taffrail.net.json.JsonException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Converts records to and from lines of JSON without loss: bytes that are not UTF-8 are encoded
 * in base64 under {@code key_base64} and {@code value_base64}.
 */
final class RecordJson {

    private RecordJson() {}

    static String write(StoredRecord record) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        object.put("topic", record.partition().topic());
        object.put("partition", record.partition().index());
        object.put("offset", record.offset());
        object.put("timestamp", record.timestamp().toString());
        JsonBytes.put("key", record.key(), object);
        JsonBytes.put("value", record.value(), object);
        List<Object> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            Map<String, @Nullable Object> entry = new LinkedHashMap<>();
            entry.put("name", header.name());
            JsonBytes.put("value", header.value(), entry);
            headers.add(entry);
        }
        object.put("headers", headers);
        return Json.write(object);
    }

    /**
     * Parses the output of {@link #write}. Topic and offset are ignored; every field is optional.
     *
     * @param keepPartition
     *            true to use the partition of the line
     * @throws JsonException
     *             if the line is not such an object
     */
    static NewRecord read(String line, String topic, boolean keepPartition) {
        Map<?, ?> object = object(Json.read(line));
        for (Object name : object.keySet()) {
            switch ((String) name) {
                case "topic", "partition", "offset", "timestamp", "key", "key_base64", "value",
                        "value_base64", "headers" ->
                    {
                    }
                default -> throw new JsonException("unknown field \"" + name + "\"");
            }
        }
        List<Header> headers = new ArrayList<>();
        if (object.get("headers") instanceof List<?> list) {
            for (Object entry : list) {
                Map<?, ?> header = object(entry);
                headers.add(new Header(text("name", header), bytes("value", header)));
            }
        }
        return new NewRecord(topic, keepPartition ? partition(object) : null, timestamp(object),
                bytes("key", object), bytes("value", object), headers);
    }

    private static byte @Nullable [] bytes(String name, Map<?, ?> object) {
        Object base64 = object.get(name + "_base64");
        if (base64 instanceof String encoded) {
            try {
                return Base64.getDecoder().decode(encoded);
            } catch (IllegalArgumentException e) {
                throw new JsonException("\"" + name + "_base64\" is not base64");
            }
        }
        Object value = object.get(name);
        return switch (value) {
            case null -> null;
            case String string -> string.getBytes(StandardCharsets.UTF_8);
            default -> Json.write(value).getBytes(StandardCharsets.UTF_8);
        };
    }

    private static @Nullable Integer partition(Map<?, ?> object) {
        try {
            return object.get("partition") instanceof BigDecimal number
                    ? number.intValueExact()
                    : null;
        } catch (ArithmeticException e) {
            throw new JsonException("\"partition\" is not a whole number");
        }
    }

    private static @Nullable Instant timestamp(Map<?, ?> object) {
        Object timestamp = object.get("timestamp");
        try {
            return switch (timestamp) {
                case null -> null;
                case BigDecimal millis -> Instant.ofEpochMilli(millis.longValueExact());
                default -> Instant.parse(timestamp.toString());
            };
        } catch (DateTimeException | ArithmeticException e) {
            throw new JsonException("\"timestamp\" is neither ISO 8601 nor milliseconds");
        }
    }

    private static String text(String name, Map<?, ?> object) {
        if (object.get(name) instanceof String text) {
            return text;
        }
        throw new JsonException("\"" + name + "\" is missing or no text");
    }

    private static Map<?, ?> object(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw new JsonException("expected an object");
    }
}
