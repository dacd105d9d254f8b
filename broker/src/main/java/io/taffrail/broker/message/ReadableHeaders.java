package io.taffrail.broker.message;

import io.taffrail.broker.message.Properties.Property;
import io.taffrail.log.batch.Varints;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The record headers that show a message's properties and header table to log clients: text as it
 * is; numbers, booleans and times in decimal; bytes as they are. Lists, nested tables, delivery
 * mode and priority are left out. Where the envelope is present nothing is read back from these
 * headers, so a message without properties needs none. Not thread-safe.
 */
final class ReadableHeaders {

    private static final List<Property> TEXTS = List.of(Property.CONTENT_TYPE,
            Property.CONTENT_ENCODING, Property.CORRELATION_ID, Property.REPLY_TO,
            Property.EXPIRATION, Property.MESSAGE_ID, Property.TYPE, Property.USER_ID,
            Property.APP_ID);

    private final List<byte[]> parts = new ArrayList<>();
    private int sizeBytes;

    /** Replaces the content with a message's properties. */
    void collect(Properties properties) {
        parts.clear();
        sizeBytes = 0;
        if (properties.section().remaining() <= 3) {
            return;
        }
        for (Property property : TEXTS) {
            if (properties.has(property)) {
                properties.text(property).ifPresent(text -> add(nameOf(property), utf8(text)));
            }
        }
        Optional<Long> timestamp = properties.timestamp();
        timestamp.ifPresent(seconds -> add("timestamp", utf8(Long.toString(seconds))));
        if (properties.has(Property.HEADERS)) {
            for (Map.Entry<String, FieldValue> header : properties.headers().entries().entrySet()) {
                byte[] shown = shown(header.getValue());
                if (shown != null && !header.getKey().equals(MessageBatch.ENVELOPE)) {
                    add(header.getKey(), shown);
                }
            }
        }
    }

    /** Name of the record header for a property. */
    static String nameOf(Property property) {
        return property.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static byte @Nullable [] shown(FieldValue value) {
        return switch (value) {
            case FieldValue.Text(String it) -> utf8(it);
            case FieldValue.Bytes(byte[] it) -> it;
            case FieldValue.Bool(boolean it) -> utf8(Boolean.toString(it));
            case FieldValue.Int8(byte it) -> utf8(Byte.toString(it));
            case FieldValue.UInt8(int it) -> utf8(Integer.toString(it));
            case FieldValue.Int16(short it) -> utf8(Short.toString(it));
            case FieldValue.UInt16(int it) -> utf8(Integer.toString(it));
            case FieldValue.Int32(int it) -> utf8(Integer.toString(it));
            case FieldValue.UInt32(long it) -> utf8(Long.toString(it));
            case FieldValue.Int64(long it) -> utf8(Long.toString(it));
            case FieldValue.Float32(float it) -> utf8(Float.toString(it));
            case FieldValue.Float64(double it) -> utf8(Double.toString(it));
            case FieldValue.Timestamp(long it) -> utf8(Long.toString(it));
            case FieldValue.Decimal(int scale, int unscaled) ->
                utf8(BigDecimal.valueOf(unscaled, scale).toPlainString());
            case FieldValue.None _,FieldValue.ListOf _,FieldValue.TableOf _ -> null;
        };
    }

    private static byte[] utf8(String text) {
        return ByteText.bytes(text);
    }

    private void add(String name, byte[] value) {
        byte[] nameBytes = utf8(name);
        parts.add(nameBytes);
        parts.add(value);
        sizeBytes += Varints.sizeOf(nameBytes.length) + nameBytes.length
                + Varints.sizeOf(value.length) + value.length;
    }

    int count() {
        return parts.size() / 2;
    }

    int sizeBytes() {
        return sizeBytes;
    }

    void write(ByteBuffer out) {
        for (int index = 0; index < parts.size(); index++) {
            byte[] part = parts.get(index);
            Varints.write(out, part.length);
            out.put(part);
        }
    }
}
