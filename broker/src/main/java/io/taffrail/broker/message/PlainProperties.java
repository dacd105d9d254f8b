package io.taffrail.broker.message;

import io.taffrail.broker.message.Properties.Property;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Converts message properties to and from JSON objects with AMQP's names of properties. */
public final class PlainProperties {

    private static final int MAX_TEXT_BYTES = 255;
    private static final int MAX_OCTET = 0xFF;

    private PlainProperties() {}

    /** Converts properties to a JSON object. */
    public static Map<String, Object> plain(Properties properties) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (Property property : Property.values()) {
            if (!properties.has(property)) {
                continue;
            }
            Object value = switch (property) {
                case HEADERS -> PlainTables.plain(properties.headers());
                case DELIVERY_MODE, PRIORITY -> properties.octet(property).orElseThrow();
                case TIMESTAMP -> properties.timestamp().orElseThrow();
                case CONTENT_TYPE, CONTENT_ENCODING, CORRELATION_ID, REPLY_TO, EXPIRATION,
                        MESSAGE_ID, TYPE, USER_ID, APP_ID, CLUSTER_ID ->
                    properties.text(property).orElseThrow();
            };
            object.put(property.name().toLowerCase(Locale.ROOT), value);
        }
        return object;
    }

    /**
     * Converts a JSON object to properties; unknown names are ignored.
     *
     * @throws IllegalArgumentException
     *             if a value has a wrong type or is too long; the message names the property
     */
    public static Properties read(Map<?, ?> object) {
        Properties properties = Properties.none();
        for (Property property : Property.values()) {
            Object value = object.get(property.name().toLowerCase(Locale.ROOT));
            if (value != null) {
                properties = with(properties, property, value);
            }
        }
        return properties;
    }

    private static Properties with(Properties properties, Property property, Object value) {
        return switch (property) {
            case HEADERS -> {
                if (!(value instanceof Map<?, ?> headers)) {
                    throw wrong(property);
                }
                yield headers.isEmpty()
                        ? properties
                        : properties.withHeaders(PlainTables.read(headers));
            }
            case DELIVERY_MODE, PRIORITY ->
                properties.withOctet(property, (int) number(property, value, MAX_OCTET));
            case TIMESTAMP -> properties.withTimestamp(number(property, value, Long.MAX_VALUE));
            case CONTENT_TYPE, CONTENT_ENCODING, CORRELATION_ID, REPLY_TO, EXPIRATION, MESSAGE_ID,
                    TYPE, USER_ID, APP_ID, CLUSTER_ID ->
                properties.withText(property, text(property, value));
        };
    }

    private static long number(Property property, Object value, long most) {
        try {
            long number = new BigDecimal(value.toString()).longValueExact();
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (ArithmeticException | NumberFormatException _) {
            // Refused below.
        }
        throw wrong(property);
    }

    private static String text(Property property, Object value) {
        boolean isText = value instanceof String || value instanceof BigDecimal;
        String text = value instanceof BigDecimal number
                ? number.toPlainString()
                : value.toString();
        if (!isText || ByteText.bytes(text).length > MAX_TEXT_BYTES) {
            throw wrong(property);
        }
        return text;
    }

    private static IllegalArgumentException wrong(Property property) {
        return new IllegalArgumentException(
                "invalid value of property " + property.name().toLowerCase(Locale.ROOT));
    }
}
