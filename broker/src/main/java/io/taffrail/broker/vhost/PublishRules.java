package io.taffrail.broker.vhost;

import io.taffrail.broker.message.FieldTable;
import io.taffrail.broker.message.FieldValue;
import io.taffrail.broker.message.Message;
import io.taffrail.broker.message.Properties;
import io.taffrail.broker.message.Properties.Property;
import io.taffrail.broker.queue.QueueArguments;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The rules for properties of published messages, and their effect on routing. Pure functions. */
final class PublishRules {

    private static final String CC = "CC";
    private static final String BCC = "BCC";
    private static final BigInteger LONGEST_MS = BigInteger.valueOf(QueueArguments.MAX_SPAN_MS);
    private static final Pattern NUMBER = Pattern.compile("([+-]?[0-9]+)(.*)", Pattern.DOTALL);

    private PublishRules() {}

    /** Refuses an expiration that is not a whole number of milliseconds, 0 or more. */
    static void checkExpiration(Properties properties) {
        String text = properties.text(Property.EXPIRATION).orElse("0");
        Matcher number = NUMBER.matcher(text);
        if (!number.matches()) {
            throw invalidExpiration(text, "no_integer");
        }
        if (!number.group(2).isEmpty()) {
            throw invalidExpiration(text, "{leftover_string,\"" + number.group(2) + "\"}");
        }
        if (number.group(1).startsWith("-") && !number.group(1).matches("-0+")) {
            throw invalidExpiration(text, "{value_negative," + number.group(1) + "}");
        }
        if (new BigInteger(number.group(1)).compareTo(LONGEST_MS) > 0) {
            throw invalidExpiration(text, "{value_too_large," + number.group(1) + "}");
        }
    }

    private static RuntimeException invalidExpiration(String text, String why) {
        return HostRefusals.precondition("invalid expiration '" + text + "': " + why);
    }

    /** The routing keys in the headers {@code CC} and {@code BCC}. */
    static List<String> moreKeys(Properties properties) {
        if (!properties.has(Property.HEADERS)) {
            return List.of();
        }
        Map<String, FieldValue> headers = properties.headers().entries();
        if (!headers.containsKey(CC) && !headers.containsKey(BCC)) {
            return List.of();
        }
        List<String> keys = new ArrayList<>();
        addKeys(headers, CC, keys);
        addKeys(headers, BCC, keys);
        return keys;
    }

    /**
     * As {@link #moreKeys}, for a stored message: a header of another type is ignored, because
     * there is no publisher to refuse the message to.
     */
    static List<String> storedKeys(Properties properties) {
        if (!properties.has(Property.HEADERS)) {
            return List.of();
        }
        List<String> keys = new ArrayList<>();
        for (String name : List.of(CC, BCC)) {
            if (properties.headers().get(name).orElse(null) instanceof FieldValue.ListOf) {
                addKeys(properties.headers().entries(), name, keys);
            }
        }
        return keys;
    }

    private static void addKeys(Map<String, FieldValue> headers, String name, List<String> keys) {
        FieldValue value = headers.get(name);
        if (value == null) {
            return;
        }
        if (!(value instanceof FieldValue.ListOf(List<FieldValue> values))) {
            throw HostRefusals.precondition("invalid message: {unacceptable_type_in_header,\""
                    + name + "\"," + value.typeName() + "}");
        }
        for (FieldValue each : values) {
            if (each instanceof FieldValue.Text(String key)) {
                keys.add(key);
            }
        }
    }

    /** The message as consumers see it, without its {@code BCC} header. */
    static Message withoutBcc(Message message) {
        Properties properties = message.properties();
        if (!properties.has(Property.HEADERS)
                || !properties.headers().entries().containsKey(BCC)) {
            return message;
        }
        Map<String, FieldValue> headers = new LinkedHashMap<>(properties.headers().entries());
        headers.remove(BCC);
        return new Message(message.exchange(), message.routingKey(),
                properties.withHeaders(FieldTable.of(headers)), message.body());
    }
}
